import { leavesOf, type Plan } from '../plan.ts'
import type { FrameSession } from '../session.ts'
import { CHOICES } from './resolve-leaf.ts'
import { addressOf, sourceFiles } from './source-files.ts'

/** The addresses of the files that a plan reads by their paths, each once; files of tables are their format's matter. */
export async function inputFiles(plan: Plan, session: FrameSession): Promise<string[]> {
  const found = new Set<string>()
  for (const leaf of leavesOf(plan)) {
    if (leaf.op !== 'read' || leaf.format === 'delta') continue
    const { files } = await sourceFiles(session, leaf.paths, leaf.format, CHOICES[leaf.format](leaf.options))
    for (const file of files) found.add(addressOf(file))
  }
  return [...found]
}
