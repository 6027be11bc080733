import { flatPieces, str } from '../../../base/jinja/index.ts'
import type { Node } from '../node.ts'
import { type Invocation, type NodeMode, refOf, sourceOf } from './node-context.ts'
import type { ModelTemplates } from './templates.ts'

const CALLED: ReadonlySet<string> = new Set(['ref', 'source', 'config'])

/**
 * The text of a node whose code is SQL with `ref`, `source` and `config` of literals in it, as most code is, without
 * making a context and compiling a template. Undefined for any other code, and where a call fails: rendering it whole
 * says where.
 */
export function flatText(
  { macros }: Invocation,
  templates: ModelTemplates,
  node: Node,
  mode: NodeMode,
): string | undefined {
  for (const name of CALLED) if (macros.hides(name, node.package_name)) return undefined
  const pieces = flatPieces(templates.compile(node.raw_code, node.original_file_path), CALLED)
  if (!pieces) return undefined
  try {
    return pieces
      .map((piece) => {
        if (typeof piece === 'string') return piece
        // What it configures was read before.
        if (piece.name === 'config') return ''
        return str(piece.name === 'ref' ? mode.ref(refOf(piece, node)) : sourceOf(piece, node, mode))
      })
      .join('')
  } catch {
    return undefined
  }
}
