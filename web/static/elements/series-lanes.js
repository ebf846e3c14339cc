/**
 * Which channels stand in which lane, and how they are drawn. Pure.
 *
 * @typedef {{column: string, legend?: string, units?: string, display_format?: string, height?: number, stroke_color?: string, stroke_width?: number, marker_size?: number,
 *   time_range?: [number, number], data_range?: [number, number], show_axis?: boolean, fixed_scale?: boolean, interpolation?: string, multi?: number}} Channel
 * @typedef {{height?: number, show_axis?: boolean, show_y_axis?: boolean, fixed_scale?: boolean}} Plot of several channels
 * @typedef {{channels: Channel[], lines: import('./series-painter.js').Line[], height: number, axis: boolean, fixed: boolean}} Lane
 */

const LANE = 200 // pixels where the config does not say
const COLORS = ['#1f77b4', '#d55e00', '#009e73', '#cc79a7', '#8a6d00', '#56b4e9']

/** @param {Channel[]} channels @param {Plot[]} plots of MultiChannel @param {Map<string, import('./series-columns.js').Ladder>} ladders by column @returns {Lane[]} in the order of the config */
export function lanesOf(channels, plots, ladders) {
  /** @type {Map<string, Lane>} */
  const lanes = new Map()
  channels.forEach((channel, at) => {
    const ladder = ladders.get(String(channel.column))
    if (!ladder) return
    const shared = channel.multi !== undefined
    const key = shared ? `m${channel.multi}` : `c${at}`
    /** @type {Plot | undefined} */
    const plot = shared ? plots[Number(channel.multi)] : channel
    const lane = lanes.get(key) ?? { channels: [], lines: [], height: Number(plot?.height) || LANE, axis: plot?.show_axis !== false && plot?.show_y_axis !== false, fixed: plot?.fixed_scale === true }
    // Curves in one plot that the config does not tell apart get colours of their own.
    const taken = shared && lane.lines.some((line) => line.color === channel.stroke_color)
    lane.channels.push(channel)
    lane.lines.push({
      ladder, color: channel.stroke_color && !taken ? channel.stroke_color : COLORS[lane.lines.length % COLORS.length],
      width: Number(channel.stroke_width) || 1, step: !!channel.interpolation?.startsWith('curveStep'), marker: Number(channel.marker_size) || 0,
    })
    lanes.set(key, lane)
  })
  return [...lanes.values()]
}
