import { CloudCamera } from './cloud-camera.js'

/**
 * Two ways to put points on a canvas: by the graphics card (WebGL 2) and, where there is none, by hand.
 *
 * @typedef {object} Renderer
 * @property {string} by
 * @property {(positions: Float32Array, colors: Uint8Array) => void} load positions are upright
 * @property {(camera: CloudCamera, width: number, height: number, size: number, ground: [number, number, number], moving: boolean) => void} draw device pixels; ground: colour 0..255
 * @property {() => void} free
 */

const VERTEX = `#version 300 es
uniform mat4 matrix; uniform float size;
in vec3 place; in vec4 tint; out vec4 color;
void main() { gl_Position = matrix * vec4(place, 1.0); gl_PointSize = size; color = tint; }`
const FRAGMENT = `#version 300 es
precision mediump float; in vec4 color; out vec4 shown;
void main() { shown = color; }`

/** @param {HTMLCanvasElement} canvas @returns {Renderer | null} null: no WebGL 2 here */
export function cardRenderer(canvas) {
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, powerPreference: 'low-power' })
  if (!gl) return null
  const program = gl.createProgram()
  for (const [type, source] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]])) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(type))
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null
  gl.useProgram(program)
  gl.enable(gl.DEPTH_TEST)
  const attribute = (/** @type {string} */ name, /** @type {number} */ parts, /** @type {number} */ type, /** @type {boolean} */ normal) => {
    const buffer = gl.createBuffer()
    const place = gl.getAttribLocation(program, name)
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.enableVertexAttribArray(place)
    gl.vertexAttribPointer(place, parts, type, normal, 0, 0)
    return (/** @type {AllowSharedBufferSource} */ data) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW)
    }
  }
  const [place, tint] = [attribute('place', 3, gl.FLOAT, false), attribute('tint', 4, gl.UNSIGNED_BYTE, true)]
  const [matrix, pixels] = [gl.getUniformLocation(program, 'matrix'), gl.getUniformLocation(program, 'size')]
  let count = 0
  return {
    by: 'webgl2',
    load(positions, colors) {
      place(/** @type {Float32Array<ArrayBuffer>} */ (positions))
      tint(/** @type {Uint8Array<ArrayBuffer>} */ (colors))
      count = positions.length / 3
    },
    draw(camera, width, height, size, ground) {
      gl.viewport(0, 0, width, height)
      gl.clearColor(ground[0] / 255, ground[1] / 255, ground[2] / 255, 1)
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
      gl.uniformMatrix4fv(matrix, false, camera.matrix(width, height))
      gl.uniform1f(pixels, size)
      gl.drawArrays(gl.POINTS, 0, count)
    },
    free() {
      gl.getExtension('WEBGL_lose_context')?.loseContext()
    },
  }
}

const MOST_MOVING = 150_000 // points drawn by hand while the view moves

/** @param {HTMLCanvasElement} canvas @returns {Renderer} */
export function handRenderer(canvas) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }))
  let positions = new Float32Array(0)
  /** @type {Uint32Array} */
  let colors = new Uint32Array(0)
  let depth = new Float32Array(0)
  return {
    by: '2d',
    load(given, tints) {
      positions = new Float32Array(given)
      colors = new Uint32Array(tints.buffer, tints.byteOffset, tints.length / 4)
    },
    draw(camera, width, height, size, ground, moving) {
      const picture = ctx.createImageData(width, height)
      const pixels = new Uint32Array(picture.data.buffer)
      pixels.fill(((255 << 24) | (ground[2] << 16) | (ground[1] << 8) | ground[0]) >>> 0)
      if (depth.length !== pixels.length) depth = new Float32Array(pixels.length)
      depth.fill(Infinity)
      const m = camera.matrix(width, height)
      const count = positions.length / 3
      const step = moving ? Math.max(1, Math.ceil(count / MOST_MOVING)) : 1
      const dots = Math.max(1, Math.round(size))
      for (let i = 0; i < count; i += step) {
        const [x, y, z] = [positions[i * 3], positions[i * 3 + 1], positions[i * 3 + 2]]
        const w = m[3] * x + m[7] * y + m[11] * z + m[15]
        if (w <= 1e-6) continue
        const px = Math.round((((m[0] * x + m[4] * y + m[8] * z + m[12]) / w + 1) / 2) * width - dots / 2)
        const py = Math.round(((1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w) / 2) * height - dots / 2)
        for (let b = Math.max(0, py); b < Math.min(height, py + dots); b++) {
          for (let a = Math.max(0, px); a < Math.min(width, px + dots); a++) {
            const at = b * width + a
            if (depth[at] <= w) continue
            depth[at] = w
            pixels[at] = colors[i]
          }
        }
      }
      ctx.putImageData(picture, 0, 0)
    },
    free() {},
  }
}
