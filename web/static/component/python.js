/**
 * Runs a component written in Python, in a worker inside the sandboxed frame. The function is sent to the worker as text: it may use
 * nothing from outside itself.
 *
 * Asks: {id, op: 'open', code} · {id, op: 'render', data, value, params} · {id, op: 'event', event, value}; data, value … are JSON texts.
 * Answers: {id, html} · {id, value} · {id, error: {message, line?}}; {ready: true} when Python is up.
 * @param {string} core address of the folder with Pyodide
 */
export function pythonWorker(core) {
  const DRIVER = `
import json, sys, traceback

class _Quiet:
    def write(self, text): return len(text)
    def flush(self): pass

_module = {"__name__": "component"}

def _fault(error):
    line = None
    if isinstance(error, SyntaxError) and error.filename == "component.py":
        line = error.lineno
    for place in traceback.extract_tb(error.__traceback__):
        if place.filename == "component.py":
            line = place.lineno
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return json.dumps({"error": {"message": f"{type(error).__name__}: {text}", "line": line}})

def _open(code):
    try:
        exec(compile(code, "component.py", "exec"), _module)
        if not callable(_module.get("render")):
            return json.dumps({"error": {"message": "The component has no function render(data, value, params).", "line": None}})
        return "{}"
    except BaseException as error:
        return _fault(error)

def _render(data, value, params):
    try:
        html = _module["render"](json.loads(data), json.loads(value), json.loads(params))
        if not isinstance(html, str):
            raise TypeError(f"render must return HTML as a str, not {type(html).__name__}")
        return json.dumps({"html": html})
    except BaseException as error:
        return _fault(error)

def _event(event, value):
    try:
        handler = _module.get("on_event")
        if handler is None:
            raise NameError("the component has no function on_event(event, value)")
        return json.dumps({"value": handler(json.loads(event), json.loads(value))})
    except BaseException as error:
        return _fault(error)
`
  /** @type {Promise<Record<string, (...texts: string[]) => string>>} */
  const started = (async () => {
    const { loadPyodide } = await import(/* @vite-ignore */ core + 'pyodide.mjs')
    const [python, more] = await Promise.all([
      loadPyodide({ indexURL: core, packageBaseUrl: core, lockFileURL: core + 'pyodide-lock.json' }),
      fetch(core + 'stdlib-more.zip').then((answer) => answer.arrayBuffer()),
    ])
    python.unpackArchive(more, 'zip', { extractDir: '/lib/python3.14/site-packages' })
    python.runPython(DRIVER)
    return Object.fromEntries(['open', 'render', 'event'].map((name) => [name, python.globals.get(`_${name}`)]))
  })()
  started.then(() => postMessage({ ready: true }), (error) => postMessage({ error: { message: `Python could not be started: ${String(error).slice(0, 300)}` } }))
  self.onmessage = async ({ data: { id, op, ...asked } }) => {
    const python = await started
    const answer = op === 'open' ? python.open(asked.code) : op === 'render' ? python.render(asked.data, asked.value, asked.params) : python.event(asked.event, asked.value)
    postMessage({ id, ...JSON.parse(answer) })
  }
}
