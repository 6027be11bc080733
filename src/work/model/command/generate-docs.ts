import { join } from 'node:path'
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
  return files.map(([name]) => join(targetFolder, name))
}

async function fromDatabase({ deps, invocation, manifest }: Session) {
  await using connection = await connectTo(deps, invocation.dialect)
  return readCatalog(invocation, manifest, connection)
}
