import type { Namespace } from '../context/macro-library.ts'
import type { Invocation } from '../context/node-context.ts'
import { nodeContext } from '../context/node-context.ts'
import { Relation } from '../context/relation.ts'
import type { ModelTemplates } from '../context/templates.ts'
import type { Node, RefArgs } from '../node.ts'
import { overlay } from './config-tree.ts'

/** What a file calls when it is rendered without an engine. */
export interface Calls {
  readonly refs: RefArgs[]
  readonly sources: [string, string][]
  /** All `config()` calls, laid over each other. */
  config: Record<string, unknown>
}

/**
 * Renders a node's code the way dbt reads it: nothing runs, `execute` is false, and what is called is kept.
 * @throws MillraceError JINJA_* and MODEL_INVALID
 */
export function readByRendering(
  invocation: Invocation,
  templates: ModelTemplates,
  node: Node,
  prepare: (context: Namespace) => Promise<void> = async () => undefined,
): Promise<Calls> {
  const read = (): Promise<Calls> => rendered(invocation, templates, node, prepare)
  return invocation.readings?.of(node, read) ?? read()
}

async function rendered(
  invocation: Invocation,
  templates: ModelTemplates,
  node: Node,
  prepare: (context: Namespace) => Promise<void>,
): Promise<Calls> {
  const calls: Calls = { refs: [], sources: [], config: {} }
  const context = nodeContext(invocation, node, {
    execute: false,
    config: (settings) => {
      calls.config = overlay(calls.config, settings)
    },
    ref: (args) => {
      calls.refs.push(args)
      return new Relation({ database: node.database, schema: node.schema, identifier: args.name })
    },
    source: (source, table) => {
      calls.sources.push([source, table])
      return new Relation({ database: node.database, schema: source, identifier: table })
    },
  })
  await prepare(context)
  await templates.read(node.raw_code, node.original_file_path, context)
  return calls
}
