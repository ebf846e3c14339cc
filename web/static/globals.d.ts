/** Written in by the build: which files make up a tier of the Python runtime (JSON). */
declare const __TIER__: string
/** Written in by the build: URLs of the Python runtime (JSON), see app/runtime.js. */
declare const __RUNTIME__: string
/** Set by boot.js on a labeling link: the first request, already on its way. */
declare var kiteEarly: { path: string; answer: Promise<Response> } | undefined
