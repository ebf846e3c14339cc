/**
 * Shapes that cross the border between host, engine and surface; docs/contracts.md sections 1 and 2 say what they mean.
 *
 * @typedef {{type: string, [member: string]: any}} Intent without `at`: the host stamps it
 * @typedef {{code: string, message: string, where?: string, hint?: string, control?: string, region?: string, object?: string}} Problem
 * @typedef {{x: number, y: number, width: number, height: number, rotation?: number}} PercentBox percent of the image
 * @typedef {{start?: number, end?: number, start16: number, end16: number}} SpanShape start16, end16: UTF-16 offsets
 * @typedef {{id: string, n: number, object: string, control: string, kind: string, shape: any, labels: string[], color: string,
 *   text?: string, hidden?: boolean, locked?: boolean, readonly?: boolean, origin?: string, score?: number, note?: string,
 *   answers?: Record<string, any>, provisional?: boolean, item?: number, parent?: string, suggestion?: boolean}} Region item: the page of an image, from 0
 * @typedef {{tool: string, control?: string, color?: string, more?: Tool[], [option: string]: any}} Tool more: other kinds that may be drawn now
 * @typedef {{regions: Record<string, Region>, answers: Record<string, any>, selection: string[], active: Record<string, string[]>,
 *   tools: Record<string, Tool>, hidden: string[], region_controls: string[], counts: Record<string, Record<string, number>>,
 *   full: Record<string, string[]>, undo: boolean, redo: boolean, changed?: boolean, suggestions?: number,
 *   problems?: Problem[], items?: Record<string, number>, relations?: {from: string, to: string, direction: string, labels: string[]}[], edition?: unknown}} View edition: another one
 *   whenever a region is another one, as their object may be changed in place
 * @typedef {{value: string, stored: string, text: any, color: string, hotkey?: string, hint?: string, html?: string, alias?: string,
 *   show_alias?: boolean, group?: string, max_usages?: number, children?: Option[], [attribute: string]: any}} Option in a Display, `text` is a plain string
 * @typedef {{node: string, key: string, name?: string, children?: PlanNode[], display?: string, style?: Record<string, string>,
 *   class_name?: string, id_attr?: string, size?: number, underline?: boolean, css?: string, [attribute: string]: any}} PlanNode
 * @typedef {{name: string, type: string, [attribute: string]: any}} PlanObject
 * @typedef {{name: string, tag: string, type: string, to: string[], required?: boolean, per_region?: boolean, options?: Option[],
 *   choice?: string, [attribute: string]: any}} Control
 * @typedef {{key: string, scope: string, does: string, intent: Intent, repeat?: {node: string, item: number}}} Hotkey `repeat`: of one copy of a Repeater
 * @typedef {{plan: number, tree: PlanNode, objects: PlanObject[], controls: Control[], hotkeys: Hotkey[],
 *   relations?: {choice?: string, options: Option[]}, [member: string]: any}} Plan
 * @typedef {{url?: string, text?: string, value?: any, problem?: Problem, [member: string]: any}} Source an object's data
 * @typedef {{objects: Record<string, Source>, texts: Record<string, string>,
 *   options: Record<string, Option[]>, relations?: Option[], problems?: Problem[], plan?: Plan}} Display `plan`: of this task, where there is a Repeater
 * @typedef {{region: string, message: string}} Half an answer that was begun and is none yet; region: empty for one about the whole task
 * @typedef {{id: string, name: string, color: string, dash?: number[], view: View}} Layer another person's answer, drawn over the data
 */
export {}
