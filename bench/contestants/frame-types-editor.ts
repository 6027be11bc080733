/**
 * Drives TypeScript's language server over a generated plan: after each change of its last step, how long until the
 * names of columns are proposed there. Prints the median as a line `BENCH {"seconds":…}`.
 */
import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [folder = '.', tsc = 'tsc'] = process.argv.slice(2)
const file = join(folder, 'src/plan.mts')
const uri = pathToFileURL(file).href
const text = (await readFile(file, 'utf8')).replace('\nexport const rows', "\n  .select('')\nexport const rows")
await writeFile(file, text)
const server = spawn(tsc, ['--lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })

type Message = { id?: number; method?: string; result?: unknown; error?: unknown }
const waiting = new Map<number, (message: Message) => void>()
let buffer = Buffer.alloc(0)
server.stdout.on('data', (chunk: Buffer) => {
  buffer = Buffer.concat([buffer, chunk])
  for (;;) {
    const end = buffer.indexOf('\r\n\r\n')
    const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1])
    if (end < 0 || buffer.length < end + 4 + length) return
    const message = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()) as Message
    buffer = buffer.subarray(end + 4 + length)
    if (message.method !== undefined && message.id !== undefined) send({ id: message.id, result: null })
    else if (message.id !== undefined) waiting.get(message.id)?.(message)
  }
})

function send(message: object): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message })
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

let last = 0
function ask(method: string, params: object): Promise<unknown> {
  last += 1
  const id = last
  return new Promise((resolve, reject) => {
    waiting.set(id, ({ result, error }) => (error ? reject(new Error(JSON.stringify(error))) : resolve(result)))
    send({ id, method, params })
  })
}

await ask('initialize', { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: {} })
send({ method: 'initialized', params: {} })
send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'typescript', version: 1, text } } })
const lines = text.split('\n')
const line = lines.findIndex((one) => one.startsWith("  .select('')"))
const character = "  .select('".length
const seconds: number[] = []
for (let version = 2; version < 12; version += 1) {
  // A change above the place asked about, so that nothing of the plan is remembered.
  const changed = text.replace('export const plan = orders', `export const plan = orders /* ${version} */`)
  const began = performance.now()
  send({
    method: 'textDocument/didChange',
    params: { textDocument: { uri, version }, contentChanges: [{ text: changed }] },
  })
  const found = await ask('textDocument/completion', { textDocument: { uri }, position: { line, character } })
  seconds.push((performance.now() - began) / 1000)
  const items = (Array.isArray(found) ? found : (found as { items?: unknown[] } | null)?.items) as { label: string }[]
  if (!items?.some(({ label }) => label.replaceAll(/['"]/g, '') === 'amount')) throw new Error('no column was proposed')
}
const [first = 0, ...rest] = seconds
rest.sort((a, b) => a - b)
const median = rest[Math.floor(rest.length / 2)] ?? 0
console.log(`the first took ${first.toFixed(2)} s`)
console.log(`BENCH ${JSON.stringify({ seconds: median, cpuSeconds: median })}`)
server.kill()
