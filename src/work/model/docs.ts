import { native } from '../../base/jinja/index.ts'
import { unknownName } from '../../base/kernel/index.ts'
import type { ColumnInfo } from './node.ts'
import { pythonStr } from './python-text.ts'
import type { ProjectFile } from './read/project-files.ts'
import { hasTemplate } from './read/render-yaml.ts'

/** A `{% docs name %}` block, with the fields of dbt's manifest v12. */
export interface DocBlock {
  readonly name: string
  readonly resource_type: 'doc'
  readonly package_name: string
  readonly path: string
  readonly original_file_path: string
  readonly unique_id: string
  readonly block_contents: string
}

/** The blocks of one package, by name. */
export type DocBlocks = ReadonlyMap<string, DocBlock>

/** Renders a text that holds template code, with more globals than every text has. */
export type RenderDescription = (text: string, file: string, globals: Readonly<Record<string, unknown>>) => string

/** The documentation blocks of the Markdown files of a package. */
export function collectDocs(owner: string, files: readonly ProjectFile[], render: RenderDescription): DocBlocks {
  const blocks = new Map<string, DocBlock>()
  for (const { text, path, originalPath } of files) {
    for (const [, name = '', body = ''] of text.matchAll(
      /\{%-?\s*docs\s+(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*enddocs\s*-?%\}/g,
    )) {
      const contents = hasTemplate(body) ? render(body, originalPath, {}) : body
      blocks.set(name, {
        name,
        resource_type: 'doc',
        package_name: owner,
        path,
        original_file_path: originalPath,
        unique_id: `doc.${owner}.${name}`,
        block_contents: contents.trim(),
      })
    }
  }
  return blocks
}

/** Blocks by package and name. */
export function blocksByPackage(blocks: ReadonlyMap<string, DocBlock>): ReadonlyMap<string, DocBlocks> {
  const found = new Map<string, Map<string, DocBlock>>()
  for (const block of blocks.values()) {
    const own = found.get(block.package_name) ?? new Map<string, DocBlock>()
    found.set(block.package_name, own.set(block.name, block))
  }
  return found
}

interface Described {
  readonly original_file_path: string
  readonly patch_path?: string | null
  description: string
  source_description?: string
  doc_blocks?: string[]
  readonly columns?: Record<string, ColumnInfo>
}

/**
 * Renders the descriptions of a node and its columns: `{{ doc('name') }}` and `{{ doc('package', 'name') }}` give a
 * block's text, which is noted. Packages are searched in the order of `search`, then all others.
 * @throws MillraceError MODEL_INVALID for an unknown block
 */
export function resolveDocs(
  node: Described,
  packages: ReadonlyMap<string, DocBlocks>,
  search: readonly string[],
  render: RenderDescription,
): void {
  const file = node.patch_path?.split('://')[1] ?? node.original_file_path
  const resolve = (text: string): { text: string; used: string[] } => {
    if (!hasTemplate(text)) return { text, used: [] }
    const used: string[] = []
    const doc = native('doc', ({ args }) => {
      const [first, second] = args.map(pythonStr)
      const found = blockOf(packages, search, first ?? '', second, file)
      used.push(found.unique_id)
      return found.block_contents
    })
    return { text: render(text, file, { doc }), used }
  }
  const own = resolve(node.description)
  node.description = own.text
  node.doc_blocks = own.used
  if (node.source_description !== undefined) node.source_description = resolve(node.source_description).text
  for (const column of Object.values(node.columns ?? {})) {
    const { text, used } = resolve(column.description)
    column.description = text
    column.doc_blocks = used
  }
}

function blockOf(
  packages: ReadonlyMap<string, DocBlocks>,
  search: readonly string[],
  first: string,
  second: string | undefined,
  file: string,
): DocBlock {
  const name = second ?? first
  const order = second === undefined ? [...search, ...packages.keys()] : [first]
  const found = order.map((one) => packages.get(one)?.get(name)).find((one) => one !== undefined)
  if (found) return found
  const names = [...packages.values()].flatMap((blocks) => [...blocks.keys()])
  throw unknownName('MODEL_INVALID', `reading ${file}: the documentation block`, name, names, { at: { file } })
}
