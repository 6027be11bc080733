import { spawnSync } from 'node:child_process'

/**
 * Runs a program of the tests that is to be killed at a failpoint, if one is given: the signal that ended it, 0 when it
 * came to its end, or what it said.
 */
export function runChild(program: string, words: readonly string[], failpoint?: string): string | number | null {
  const { MILLRACE_FAILPOINT: _, ...env } = process.env
  const done = spawnSync(process.execPath, ['--conditions=millrace-source', program, ...words], {
    env: { ...env, ...(failpoint === undefined ? {} : { MILLRACE_FAILPOINT: failpoint }) },
    encoding: 'utf8',
  })
  return done.signal ?? (done.status === 0 ? 0 : done.stderr)
}
