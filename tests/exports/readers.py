"""Run in an environment of its own (requirements/export-readers.txt): files read by their world's own tools.

Standard input: `[{"tool", "path"}]`; standard output: what each tool says of its file, as JSON.
"""

import contextlib
import io
import json
import sys
from pathlib import Path


def coco(path):
    """pycocotools: its index, the masks it draws, and whether results in the same form can be evaluated."""
    import numpy
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(path)
        anns = truth.loadAnns(truth.getAnnIds())
        drawn = {a["id"]: int(truth.annToMask(a).sum()) for a in anns if a["segmentation"]}
        runs = {a["id"]: a["segmentation"] for a in anns if isinstance(a["segmentation"], dict)}
        edges = {}
        for id_ in runs:
            ys, xs = numpy.nonzero(truth.annToMask(truth.anns[id_]))
            edges[id_] = [int(xs.min()), int(ys.min()), int(xs.max() - xs.min() + 1), int(ys.max() - ys.min() + 1)]
        found = truth.loadRes(
            [
                {"image_id": a["image_id"], "category_id": a["category_id"], "bbox": a["bbox"], "score": 1.0}
                for a in anns
            ]
        )
        scores = COCOeval(truth, found, "bbox")
        scores.evaluate()
        scores.accumulate()
        scores.summarize()
    return {
        "categories": {c["id"]: c["name"] for c in truth.loadCats(truth.getCatIds())},
        "keypoints": {c["name"]: c.get("keypoints") for c in truth.loadCats(truth.getCatIds())},
        "images": {i["id"]: i["file_name"] for i in truth.loadImgs(truth.getImgIds())},
        "annotations": [[a["image_id"], truth.cats[a["category_id"]]["name"], a["bbox"], a["area"]] for a in anns],
        "points": [a["keypoints"] for a in anns if "keypoints" in a],
        "drawn": drawn,
        "edges": edges,
        "precision": float(scores.stats[0]),
    }


def numpy_arrays(path):
    """numpy: shape, type and number of painted pixels of every array in a folder."""
    import numpy

    made = {}
    for file in sorted(Path(path).rglob("*.npy")):
        array = numpy.load(file, allow_pickle=False)
        made[file.name] = [list(array.shape), str(array.dtype), int((array == 255).sum()), int((array > 0).sum())]
    return made


def documents(docs):
    return [
        {
            "text": doc.text,
            "words": [token.text for token in doc],
            "spans": [[span.start_char, span.end_char, span.label_] for span in doc.ents],
            "quotes": [[span.text, span.label_] for span in doc.ents],
            "cats": doc.cats,
        }
        for doc in docs
    ]


def spacy_json(path):
    """spaCy: its converter of JSON training data, through a DocBin and back."""
    import spacy
    from spacy.tokens import DocBin
    from spacy.training.converters import json_to_docs

    vocab = spacy.blank("xx").vocab
    bin_ = DocBin(docs=json_to_docs(Path(path).read_text("utf-8")), store_user_data=True)
    return documents(DocBin().from_bytes(bin_.to_bytes()).get_docs(vocab))


def conll(path):
    """spaCy: its converter of CoNLL 2003."""
    from spacy.training.converters import conll_ner_to_docs

    with contextlib.redirect_stdout(io.StringIO()):
        return documents(conll_ner_to_docs(Path(path).read_text("utf-8"), n_sents=0, no_print=True))


def subtitles(path):
    """webvtt-py, which reads both forms."""
    import webvtt

    read = webvtt.from_srt if path.endswith(".srt") else webvtt.read
    return [[cue.start, cue.end, cue.text, cue.voice] for cue in read(path)]


TOOLS = {
    "coco": coco,
    "numpy": numpy_arrays,
    "spacy": spacy_json,
    "conll": conll,
    "subtitles": subtitles,
}

json.dump([TOOLS[one["tool"]](one["path"]) for one in json.load(sys.stdin)], sys.stdout)
