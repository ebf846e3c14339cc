// Runs CloudFront Functions: a line of JSON in ({code, event}), a line out ({result} or {error}).
import { createInterface } from 'node:readline'
import vm from 'node:vm'

const compiled = new Map()
for await (const line of createInterface({ input: process.stdin })) {
  const { code, event } = JSON.parse(line)
  let said
  try {
    if (!compiled.has(code)) {
      const context = vm.createContext({})
      vm.runInContext(code, context)
      compiled.set(code, context)
    }
    const context = compiled.get(code)
    context.given = JSON.stringify(event)
    said = { result: JSON.parse(vm.runInContext('JSON.stringify(handler(JSON.parse(given)))', context)) }
  } catch (error) {
    said = { error: String(error) }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
