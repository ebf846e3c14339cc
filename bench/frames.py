"""How long frames of a page take: recorded in the page, from one animation frame to the next."""

from __future__ import annotations

#: Chromium without a screen, and without what it does for itself.
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

#: Begins to record; STOP ends it and gives milliseconds per frame.
RECORD = """() => {
  const frames = (window.frames_ = [])
  let last = performance.now()
  const step = (now) => { frames.push(now - last); last = now; window.recording_ = requestAnimationFrame(step) }
  window.recording_ = requestAnimationFrame((now) => { last = now; window.recording_ = requestAnimationFrame(step) })
}"""
STOP = "() => { cancelAnimationFrame(window.recording_); return window.frames_ }"
