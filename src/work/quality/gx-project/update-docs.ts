import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resultDocs } from '../history/result-docs.ts'
import type { Told } from '../tell.ts'

/** What became of the sites. */
type Written = { readonly outcome: 'written' | 'failed' | 'skipped'; readonly reason?: string }

/**
 * Writes the results of a checkpoint as `index.html` of sites of Data Docs, one page that needs nothing beside it. Never
 * fails: the verdict of a checkpoint does not depend on it.
 * @param wanted the names of sites; all that lie in folders when empty
 */
export async function docsWritten(
  sites: ReadonlyMap<string, string>,
  wanted: readonly string[],
  { checkpoint, results, at }: Told,
): Promise<Written> {
  const unknown = wanted.filter((name) => !sites.has(name))
  if (unknown.length > 0) return { outcome: 'failed', reason: `no site ${unknown.join(', ')} lies in a folder` }
  const chosen = [...sites].filter(([name]) => wanted.length === 0 || wanted.includes(name))
  if (chosen.length === 0) return { outcome: 'skipped', reason: 'no site of data_docs_sites lies in a folder' }
  const page = resultDocs(results, { title: checkpoint, madeAt: at })
  try {
    for (const [, folder] of chosen) {
      await mkdir(folder, { recursive: true })
      // A reader sees the old page or the new one.
      await writeFile(join(folder, 'index.html.part'), page)
      await rename(join(folder, 'index.html.part'), join(folder, 'index.html'))
    }
    return { outcome: 'written' }
  } catch (thrown) {
    return { outcome: 'failed', reason: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
