import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process, told apart from a later one with the same number. */
export interface Owner {
  readonly host: string
  readonly pid: number
  /** When the process began, in the system's own terms; empty where the system does not tell. */
  readonly start: string
}

/** This process. */
export function thisProcess(): Owner {
  return { host: hostname(), pid: process.pid, start: startOf(process.pid) ?? '' }
}

/**
 * Whether the owner may still be running. Of another machine's process nothing is known, so it counts as alive
 * until its lease runs out.
 */
export function mayBeAlive(owner: Owner): boolean {
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
  } catch (thrown) {
    // Without permission to signal it, there still is a process to refuse the signal.
    if ((thrown as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const start = startOf(owner.pid)
  return start === undefined || owner.start === '' || start === owner.start
}

/** Linux: boot id and clock tick of the start (`proc(5)`, field 22 of stat); undefined elsewhere. A zombie is dead. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold anything, so the fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return 'dead'
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`
  } catch {
    return undefined
  }
}
