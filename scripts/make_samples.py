"""
Makes the sample media of the templates, ``web/static/samples``. The results are kept in the repository; this is how
they came about and how to make them again.

``python scripts/make_samples.py PHOTOS`` where PHOTOS is the folder ``skimage/data`` out of a wheel of scikit-image
(photos without copyright, see web/static/samples/README.md). Needs ``ffmpeg``, ``espeak-ng`` and Chromium with
playwright for the PDF.
"""

from __future__ import annotations

import array
import json
import math
import random
import shutil
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "web/static/samples"
PHOTOS = {
    "astronaut.png": "portrait.jpg",
    "coffee.png": "coffee.jpg",
    "chelsea.png": "cat.jpg",
    "retina.jpg": "retina.jpg",
    "hubble_deep_field.jpg": "galaxies.jpg",
    "rocket.jpg": "rocket.jpg",
    "ihc.png": "tissue.jpg",
    "cell.png": "cell.jpg",
    "coins.png": "coins.jpg",
}
RATE = 16_000
#: Who says what: (voice, text). The transcript of dialogue.json is taken from here.
CALL = (
    ("en-us+f3", "Good morning, you have reached the harbour office. How can I help you?"),
    ("en-gb+m3", "Hello. I would like to ask about the ferry to the islands tomorrow."),
    ("en-us+f3", "The first one leaves at seven thirty. Do you bring a car?"),
    ("en-gb+m3", "Yes, a small van. Is there still a place?"),
)


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def photos(source: Path) -> None:
    for name, made in PHOTOS.items():
        run("ffmpeg", "-y", "-i", str(source / name), "-vf", "scale='min(640,iw)':-2", "-q:v", "5", str(OUT / made))


def speech() -> None:
    """One call with two voices, its parts and times; and its first sentence alone."""
    samples = array.array("h")
    phrases = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (voice, text) in enumerate(CALL):
            raw, made = f"{folder}/{number}.wav", f"{folder}/{number}-16k.wav"
            run("espeak-ng", "-v", voice, "-s", "160", "-w", raw, text)
            run("ffmpeg", "-y", "-i", raw, "-ac", "1", "-ar", str(RATE), made)
            with wave.open(made) as sound:
                part = array.array("h", sound.readframes(sound.getnframes()))
            start = len(samples) / RATE
            samples += part
            phrases.append({"author": "Agent" if number % 2 == 0 else "Caller", "text": text, "start": round(start, 2),
                            "end": round(len(samples) / RATE, 2)})  # fmt: skip
            samples += array.array("h", bytes(2 * RATE // 3))
            if number == 0:
                write_wave("speech.wav", part)
    write_wave("call.wav", samples)
    (OUT / "call.json").write_text(json.dumps(phrases, indent=1) + "\n")


def write_wave(name: str, samples: array.array[int]) -> None:
    with wave.open(str(OUT / name), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())


def sounds() -> None:
    """Eight seconds: silence, a bell twice, an engine that comes and goes, three beeps."""
    made = random.Random(7)
    samples = array.array("h")
    for place in range(8 * RATE):
        t = place / RATE
        value = 0.004 * made.uniform(-1, 1)
        for start in (1.0, 2.2):
            if t >= start:
                age = t - start
                value += (
                    0.5 * math.exp(-3 * age) * (math.sin(2 * math.pi * 880 * age) + 0.4 * math.sin(5300 * age)) / 1.4
                )
        if 3.6 < t < 6.0:
            loud = math.sin(math.pi * (t - 3.6) / 2.4) ** 2
            value += 0.35 * loud * (math.sin(2 * math.pi * 70 * t) + 0.5 * made.uniform(-1, 1))
        for start in (6.4, 6.9, 7.4):
            if start <= t < start + 0.25:
                value += 0.4 * math.sin(2 * math.pi * 1200 * t)
        samples.append(int(max(-1, min(1, value)) * 32_000))
    write_wave("sounds.wav", samples)


def clip() -> None:
    """Ten seconds at 25 frames a second: a red ball and a blue crate cross a yard; the frame's number is burned in."""
    shapes = (
        "color=c=0xd8e2dc:s=640x360:r=25:d=10[bg];"
        "color=c=0xb23a48:s=60x60:r=25:d=10,format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':"
        "a='255*lt((X-30)*(X-30)+(Y-30)*(Y-30),900)'[ball];"
        "color=c=0x3a5a80:s=90x54:r=25:d=10[crate];"
        "color=c=0x8a9a78:s=640x90:r=25:d=10[ground];"
        "[bg][ground]overlay=0:270[a];[a][ball]overlay=x='20+n*2.2':y='210-90*abs(sin(n/18))'[b];"
        "[b][crate]overlay=x='if(lt(n,60),560,560-(n-60)*2)':y=222[c];"
        "[c]drawtext=text='%{eif\\:n+1\\:d}':x=14:y=12:fontsize=28:fontcolor=0x333333[v]"
    )
    run("ffmpeg", "-y", "-filter_complex", shapes, "-map", "[v]", "-frames:v", "250", "-c:v", "libvpx-vp9", "-b:v", "0",
        "-crf", "38", "-g", "25", "-pix_fmt", "yuv420p", str(OUT / "clip.webm"))  # fmt: skip


def street() -> None:
    """A street seen by a laser scanner: road, kerbs, two cars, a van, poles, a wall; metres, z up, intensity 0 to 1."""
    made = random.Random(3)
    points: list[list[float]] = []

    def add(x: float, y: float, z: float, intensity: float) -> None:
        noise = [made.gauss(0, 0.015) for _ in range(3)]
        points.append([round(v + n, 2) for v, n in zip((x, y, z), noise, strict=True)] + [round(intensity, 2)])

    def box(
        x: float, y: float, length: float, width: float, height: float, yaw: float, count: int, shine: float
    ) -> None:
        for _ in range(count):
            side = made.random()
            u, v, w = made.uniform(-0.5, 0.5), made.uniform(-0.5, 0.5), made.uniform(0.12, 1)
            if side < 0.4:
                v = made.choice((-0.5, 0.5))
            elif side < 0.7:
                u = made.choice((-0.5, 0.5))
            else:
                w = 1.0
            along, across = u * length, v * width
            add(x + along * math.cos(yaw) - across * math.sin(yaw), y + along * math.sin(yaw) + across * math.cos(yaw),
                w * height, shine)  # fmt: skip

    for _ in range(3600):
        distance, angle = 28 * math.sqrt(made.random()), made.uniform(0, 2 * math.pi)
        x, y = distance * math.cos(angle), distance * math.sin(angle)
        road = abs(y) < 5
        add(x, y, 0 if road else 0.14, 0.2 if road else 0.38)
    for _ in range(1300):
        add(made.uniform(-24, 24), 11 + made.uniform(-0.1, 0.1), made.uniform(0.1, 6), 0.55)
    box(-8, -2.6, 4.4, 1.8, 1.5, 0.02, 620, 0.8)
    box(6.5, 2.4, 4.2, 1.75, 1.45, math.pi - 0.05, 620, 0.65)
    box(15, -2.7, 5.6, 2.1, 2.4, 0.0, 700, 0.9)
    for x in (-18.0, -6.0, 6.0, 18.0):
        for _ in range(90):
            add(x, 6.6, made.uniform(0.1, 5.5), 0.7)
    for x, y in ((2.0, -6.3), (2.9, -6.1)):  # two people on the pavement
        for _ in range(110):
            angle = made.uniform(0, 2 * math.pi)
            add(x + 0.22 * math.cos(angle), y + 0.22 * math.sin(angle), made.uniform(0.15, 1.75), 0.5)
    (OUT / "street.json").write_text(json.dumps({"points": points}, separators=(",", ":")) + "\n")


def ecg() -> None:
    """Ten seconds of a drawn heart beat at 100 Hz with one early beat, and the breath that goes with it."""
    made = random.Random(11)
    beats = [0.4, 1.25, 2.1, 2.95, 3.5, 4.65, 5.5, 6.35, 7.2, 8.05, 8.9, 9.75]
    waves = ((-0.18, 0.025, 0.12), (-0.03, 0.01, -0.14), (0.0, 0.012, 1.1), (0.03, 0.012, -0.25), (0.22, 0.045, 0.3))
    rows = ["time,ecg,breath"]
    for place in range(1000):
        t = place / 100
        value = sum(h * math.exp(-((t - b - o) ** 2) / (2 * w * w)) for b in beats for o, w, h in waves)
        breath = math.sin(2 * math.pi * t / 4.1)
        rows.append(f"{t:.2f},{value + made.gauss(0, 0.012):.3f},{breath + made.gauss(0, 0.02):.3f}")
    (OUT / "ecg.csv").write_text("\n".join(rows) + "\n")


def machine() -> None:
    """Two days of a pump, a row each five minutes: temperature, vibration, pressure; it runs hot on the second day."""
    made = random.Random(5)
    rows = ["time,temperature,vibration,pressure"]
    for place in range(576):
        hours = place / 12
        hot = max(0.0, 1 - abs(hours - 33) / 2.5)
        temperature = 61 + 4 * math.sin(2 * math.pi * (hours - 9) / 24) + 17 * hot + made.gauss(0, 0.5)
        vibration = 2.1 + 0.3 * math.sin(hours) + 3.4 * hot + abs(made.gauss(0, 0.18))
        pressure = 4.8 + 0.2 * math.sin(hours / 3) - (1.1 if 18 < hours < 19.5 else 0) + made.gauss(0, 0.04)
        day, minute = divmod(place * 5, 1440)
        stamp = f"2026-03-{9 + day:02d} {minute // 60:02d}:{minute % 60:02d}"
        rows.append(f"{stamp},{temperature:.2f},{vibration:.2f},{pressure:.2f}")
    (OUT / "pump.csv").write_text("\n".join(rows) + "\n")


REPORT = """<!doctype html><title>Harbour report</title><style>
@page { size: A5; margin: 16mm } body { font: 11pt/1.5 serif } h1 { font-size: 17pt } h2 { font-size: 13pt }
table { border-collapse: collapse; width: 100% } td, th { border-bottom: 0.5pt solid #888; padding: 3pt;
text-align: left }
.next { break-before: page }</style>
<h1>Harbour report, March 2026</h1><p>Prepared by Ingrid Holm for the Harbour Board, 2 April 2026.</p>
<p>In March 412 ships called at the harbour, 38 more than in the same month of the year before. The north pier was
closed for repairs from the 9th to the 14th; ferries used the timber quay instead.</p>
<h2>Calls by kind</h2><table><tr><th>Kind<th>Calls<th>Change<tr><td>Ferries<td>248<td>+12
<tr><td>Fishing boats<td>97<td>+21<tr><td>Freight<td>51<td>+4<tr><td>Pilot and rescue<td>16<td>+1</table>
<div class="next"><h2>Repairs</h2><p>Forty metres of planking were renewed on the north pier. The works cost
61,300 euros, 2,100 less than planned. The crane on the timber quay passed its yearly inspection on 20 March.</p>
<h2>What comes next</h2><p>Dredging of the inner basin starts on 4 May and takes three weeks. Owners of small boats
are asked to move to the guest pontoon before that date.</p></div>"""


def report() -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(REPORT)
        page.pdf(path=str(OUT / "report.pdf"), prefer_css_page_size=True)
        browser.close()


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    photos(Path(sys.argv[1]))
    speech()
    sounds()
    clip()
    street()
    ecg()
    machine()
    report()
    for path in sorted(OUT.iterdir()):
        print(f"{path.stat().st_size:>8} {path.name}")


if __name__ == "__main__":
    main()
