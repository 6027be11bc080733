import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { MillraceError } from '../../../base/kernel/index.ts'
import { emptyCatalog, readCatalog } from '../artifacts/catalog-json.ts'
import { manifestJson } from '../artifacts/manifest-json.ts'
import { writeArtifact } from '../artifacts/write-artifact.ts'
import { docsPage } from '../docs-site/docs-page.ts'
import { projectLineage } from '../lineage/model-lineage.ts'
import { connectTo } from './run-node.ts'
import type { Session } from './session.ts'

/** `docs generate`: writes catalog.json and the page that shows it; answers the files. */
export async function generateDocs(session: Session): Promise<string[]> {
  const { deps, options, invocation, manifest, targetFolder } = session
  const catalog = options.emptyCatalog === true ? emptyCatalog(invocation) : await fromDatabase(session)
  const lineage = options.emptyCatalog === true ? {} : await projectLineage(session)
  const files: [string, string | object][] = [
    ['catalog.json', catalog],
    ['column_lineage.json', lineage],
    ['index.html', docsPage()],
  ]
  if (options.static === true) {
    files.push(['static_index.html', docsPage({ manifest: manifestJson(invocation, manifest), catalog, lineage })])
  }
  if (deps.artifacts === false) return []
  for (const [name, content] of files) await writeArtifact(join(targetFolder, name), content)
  await copyAssets(session)
  return files.map(([name]) => join(targetFolder, name))
}

/**
 * What pages of the docs show beside text: the folders of `asset-paths`, those that exist.
 * @throws MillraceError MODEL_INVALID for a folder outside the project, whose copy would lie outside the target folder
 */
async function copyAssets({ invocation: { project }, targetFolder }: Session): Promise<void> {
  for (const folder of project.assetPaths) {
    const [from, to] = [join(project.dir, folder), join(targetFolder, folder)]
    if (/^(\.\.|$)/.test(relative(targetFolder, to))) {
      throw new MillraceError('MODEL_INVALID', `copying assets: ${folder} is not a folder inside the project`, {
        at: { file: 'dbt_project.yml' },
        hint: 'Name folders beside dbt_project.yml in `asset-paths`.',
      })
    }
    await rm(to, { recursive: true, force: true })
    if (existsSync(from)) await cp(from, to, { recursive: true })
  }
}

async function fromDatabase({ deps, invocation, manifest }: Session) {
  await using connection = await connectTo(deps, invocation.dialect)
  return await readCatalog(invocation, manifest, connection)
}
