import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { CACHE } from './cache.ts'

/** Holds the machine for one bench at a time. @throws Error naming the process that has it */
export async function lockMachine(): Promise<AsyncDisposable> {
  const file = join(CACHE, 'bench.lock')
  await mkdir(CACHE, { recursive: true })
  const handle = await open(file, 'wx').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
    const pid = Number(await readFile(file, 'utf8').catch(() => ''))
    if (pid > 0 && isAlive(pid))
      throw new Error(`another bench is running (process ${pid}); timings would disturb each other`)
    await rm(file, { force: true })
    return open(file, 'wx')
  })
  await handle.writeFile(String(process.pid))
  await handle.close()
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
