import { topLevelBlocks } from '../../../base/jinja/index.ts'
import { MillraceError } from '../../../base/kernel/index.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { Node } from '../node.ts'
import { newNode } from '../read/new-node.ts'
import type { PatchBook } from '../read/patch-book.ts'
import type { ProjectFile } from '../read/project-files.ts'
import type { Patch } from '../read/properties.ts'
import type { Reader } from '../read/reader.ts'

/** A snapshot as it was found, with what a properties file says about it. */
export interface FoundSnapshot {
  readonly node: Node
  readonly patch: Patch | undefined
}

/**
 * The snapshots of a project: `{% snapshot name %}` blocks of the files of snapshot paths, and entries of properties
 * files that name a `relation`.
 * @throws MillraceError MODEL_INVALID for a block without a name, JINJA_SYNTAX
 */
export function snapshotNodes(
  reader: Reader,
  templates: ModelTemplates,
  files: readonly ProjectFile[],
  patches: PatchBook,
): FoundSnapshot[] {
  const blocks = files.flatMap((file) =>
    topLevelBlocks(file.text, ['snapshot'], file.originalPath).map((block): FoundSnapshot => {
      const name = /^\w+$/.exec(block.head)?.[0]
      if (name === undefined) {
        throw new MillraceError('MODEL_INVALID', `reading ${file.originalPath}: a snapshot has no name`, {
          at: { file: file.originalPath, line: block.line, column: block.column },
          hint: 'Write {% snapshot orders_snapshot %} … {% endsnapshot %}.',
        })
      }
      const patch = patches.take('snapshot', name)
      const node = { ...newNode(reader, 'snapshot', file, name, patch), raw_code: block.contents }
      // Errors shall name the line of the file, not of the block.
      templates.compile(node.raw_code, file.originalPath, { line: block.contentsLine, column: block.contentsColumn })
      return { node, patch }
    }),
  )
  const entries = patches.all
    .filter((patch) => patch.kind === 'snapshot' && patch.relation !== undefined)
    .map((patch): FoundSnapshot => {
      patches.take('snapshot', patch.name)
      const node = newNode(reader, 'snapshot', patch.file, patch.name, patch)
      return {
        // Its file does not name it, as that of a block does.
        node: {
          ...node,
          fqn: [...node.fqn.slice(0, -2), patch.name],
          path: `${patch.name}.sql`,
          raw_code: `select * from {{ ${patch.relation} }}`,
        },
        patch,
      }
    })
  return [...blocks, ...entries]
}
