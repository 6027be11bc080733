import { literals } from './literals.ts'
import type { Template } from './template.ts'

/** A piece of a template: text that stands there, or a printed call with its arguments, all literals. */
export type FlatPiece =
  | string
  | { readonly name: string; readonly args: readonly unknown[]; readonly kwargs: Readonly<Record<string, unknown>> }

/**
 * The pieces of a template that is nothing but text and printed calls of the named functions with literal arguments,
 * so that it can be rendered without being compiled; undefined for any other.
 */
export function flatPieces(template: Template, names: ReadonlySet<string>): readonly FlatPiece[] | undefined {
  const pieces: FlatPiece[] = []
  for (const statement of template.statements) {
    if (statement.kind === 'text') {
      pieces.push(statement.text)
      continue
    }
    const call = statement.kind === 'output' ? statement.value : undefined
    if (call?.kind !== 'call' || call.of.kind !== 'name' || !names.has(call.of.name)) return undefined
    const given = literals(call.args)
    if (!given) return undefined
    pieces.push({ name: call.of.name, ...given })
  }
  return pieces
}
