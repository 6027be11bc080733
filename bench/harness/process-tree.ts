import { readdirSync, readFileSync } from 'node:fs'

/** A process of Linux's /proc: its parent, processor seconds (with waited-for children) and resident bytes. */
interface Process {
  readonly parent: number
  readonly seconds: number
  readonly resident: number
}

/** Ticks of /proc/PID/stat in a second (USER_HZ, the same on every Linux of today). */
const TICKS = 100
const PAGE = 4096

function read(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold spaces. Fields: proc(5), from "state", the third.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    return {
      parent: fields[1] ?? 0,
      seconds: (user + system + childUser + childSystem) / TICKS,
      resident: (fields[21] ?? 0) * PAGE,
    }
  } catch {
    return undefined
  }
}

/** The processes below `root`, itself included. */
function tree(root: number): Process[] {
  const all = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    const found = Number.isInteger(pid) ? read(pid) : undefined
    if (found) all.set(pid, found)
  }
  const members: Process[] = []
  const queue = [root]
  for (const pid of queue) {
    const found = all.get(pid)
    if (found) members.push(found)
    for (const [child, { parent }] of all) if (parent === pid) queue.push(child)
  }
  return members
}

/** Processor seconds that the tree has used, children that ended included. */
export function processorSeconds(root: number): number {
  return tree(root).reduce((sum, { seconds }) => sum + seconds, 0)
}

/** Resident bytes of the tree now. Pages that processes share count for each. */
export function residentBytes(root: number): number {
  return tree(root).reduce((sum, { resident }) => sum + resident, 0)
}
