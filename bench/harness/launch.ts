import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import type { Measured, Work } from './bench.ts'
import { processorSeconds, residentBytes } from './process-tree.ts'

/** How often memory is looked at, in milliseconds. */
const LOOK_MS = 40

/**
 * Runs the work in a process of its own and measures it.
 * @throws Error with the end of its output when it fails
 */
export async function launch(
  { command, args, cwd, env, stdout, exitCodes = [0] }: Work,
  server?: number,
): Promise<Measured> {
  await using target = stdout === undefined ? undefined : await open(stdout, 'w')
  const before = server === undefined ? 0 : processorSeconds(server)
  const own = processorSeconds(process.pid)
  const started = process.hrtime.bigint()
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', target?.fd ?? 'pipe', 'pipe'],
  })
  let output = ''
  const keep = (bytes: Buffer) => {
    output = (output + bytes.toString()).slice(-20_000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  let memory = 0
  const looking = setInterval(() => {
    memory = Math.max(memory, child.pid === undefined ? 0 : residentBytes(child.pid))
  }, LOOK_MS)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  const wall = Number(process.hrtime.bigint() - started) / 1e9
  clearInterval(looking)
  if (code === null || !exitCodes.includes(code)) {
    throw new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}:\n${output.slice(-4000)}`)
  }
  const inside = /^BENCH (\{.*\})$/m.exec(output)?.[1]
  const told = inside === undefined ? {} : (JSON.parse(inside) as { seconds?: number; cpuSeconds?: number })
  return {
    wall: told.seconds ?? wall,
    // The harness itself works little while it waits; what it reads of /proc is within the rounding.
    cpu: told.cpuSeconds ?? processorSeconds(process.pid) - own - watching(wall),
    server: server === undefined ? 0 : processorSeconds(server) - before,
    memory,
  }
}

let perLook: number | undefined

/** What looking at /proc cost the harness in that time, measured once. */
function watching(wall: number): number {
  if (perLook === undefined) {
    const before = process.cpuUsage()
    for (let look = 0; look < 50; look++) residentBytes(process.pid)
    const { user, system } = process.cpuUsage(before)
    perLook = (user + system) / 1e6 / 50
  }
  return ((wall * 1000) / LOOK_MS) * perLook
}
