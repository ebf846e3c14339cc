/** Written in by the build: which files make up a tier of the Python runtime (JSON). */
declare const __TIER__: string
/** Written in by the build: URLs of the Python runtime (JSON), see app/runtime.js. */
declare const __RUNTIME__: string
/** Written in by the build: where the gallery's file is and how many templates it has, see app/templates.js. */
declare const __TEMPLATES__: { url: string; count: number }
/** Set by boot.js on a labeling link: the first request, already on its way. */
declare var kiteEarly: { path: string; answer: Promise<Response> } | undefined
/** Written in by the build: URLs of the PDF library's worker and decoders (JSON), see elements/pdf-engine.js. */
declare const __PDF__: string
/** Written in by the build: URL of the worker that decodes TIFF, DICOM and 16-bit PNG, see elements/image-special.js. */
declare const __PICTURES__: string
/** dicom-parser and openseadragon, as far as they are used here. */
declare module 'dicom-parser' {
  const library: any
  export default library
}
/** Written in by the build: the folder of Pyodide, for the frames of components. */
declare const __COMPONENT_CORE__: string
/** A style sheet as text, fetched with the element that needs it; see elements/sheet.js. */
declare module '*.css' {
  const text: string
  export default text
}
/** Of the HTML standard, not in TypeScript's library yet: the ring is drawn although no plain key was pressed last. */
interface FocusOptions {
  focusVisible?: boolean
}
