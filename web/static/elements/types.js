/**
 * Shapes that cross the border between host, engine and surface; docs/contracts.md sections 1 and 2 say what they mean.
 *
 * @typedef {{type: string, [member: string]: any}} Intent without `at`: the host stamps it
 * @typedef {{code: string, message: string, where?: string, hint?: string, control?: string, region?: string, object?: string}} Problem
 * @typedef {{x: number, y: number, width: number, height: number, rotation?: number}} PercentBox percent of the image
 * @typedef {{start?: number, end?: number, start16: number, end16: number}} SpanShape start16, end16: UTF-16 offsets
 * @typedef {{id: string, n: number, object: string, control: string, kind: 'rectangle' | 'span', shape: any, labels: string[], color: string,
 *   text?: string, hidden?: boolean, locked?: boolean, readonly?: boolean, origin?: string, score?: number, note?: string,
 *   answers?: Record<string, any>, provisional?: boolean}} Region
 * @typedef {{tool: 'rectangle' | 'span' | 'select', control?: string, color?: string}} Tool
 * @typedef {{regions: Record<string, Region>, answers: Record<string, any>, selection: string[], active: Record<string, string[]>,
 *   tools: Record<string, Tool>, hidden: string[], region_controls: string[], counts: Record<string, Record<string, number>>,
 *   full: Record<string, string[]>, undo: boolean, redo: boolean, changed?: boolean, problems?: Problem[]}} View
 * @typedef {{value: string, stored: string, text: any, color: string, hotkey?: string, hint?: string, html?: string, alias?: string,
 *   show_alias?: boolean, group?: string, max_usages?: number}} Option in a Display, `text` is a plain string
 * @typedef {{node: string, key: string, name?: string, children?: PlanNode[], display?: string, style?: Record<string, string>,
 *   class_name?: string, id_attr?: string, size?: number, underline?: boolean, css?: string}} PlanNode
 * @typedef {{name: string, type: string, [attribute: string]: any}} PlanObject
 * @typedef {{name: string, tag: string, type: string, to: string[], required?: boolean, per_region?: boolean, options?: Option[],
 *   choice?: string, [attribute: string]: any}} Control
 * @typedef {{key: string, scope: string, does: string, intent: Intent}} Hotkey
 * @typedef {{plan: number, tree: PlanNode, objects: PlanObject[], controls: Control[], hotkeys: Hotkey[]}} Plan
 * @typedef {{objects: Record<string, {url?: string, text?: string, problem?: Problem}>, texts: Record<string, string>,
 *   options: Record<string, Option[]>, problems?: Problem[]}} Display
 * @typedef {{id: string, name: string, color: string, dash?: number[], view: View}} Layer another person's answer, drawn over the data
 */
export {}
