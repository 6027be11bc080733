import { MillraceError } from '../../../base/kernel/index.ts'
import type { Node } from '../node.ts'
import { isTree, listed } from './config-tree.ts'
import type { Reader } from './reader.ts'
import { readByRendering } from './reading.ts'
import { staticCalls } from './static-calls.ts'

/**
 * Makes a node depend on what its hooks refer to, as dbt does, so that it is there when they run.
 * @throws MillraceError MODEL_INVALID for a seed, which depends on nothing; what rendering a hook throws
 */
export async function withHookCalls({ invocation, templates }: Reader, node: Node): Promise<void> {
  const hooks = [...listed(node.config['pre-hook']), ...listed(node.config['post-hook'])]
  for (const hook of hooks) {
    const text = isTree(hook) ? hook['sql'] : hook
    if (typeof text !== 'string' || !text.includes('{')) continue
    const calls =
      staticCalls(templates, text, node.original_file_path) ??
      (await readByRendering(invocation, templates, { ...node, raw_code: text }))
    const refs = calls.refs.filter(
      (one) => !node.refs.some(({ name, package: from }) => name === one.name && from === one.package),
    )
    const sources = calls.sources.filter(
      (one) => !node.sources.some(([source, table]) => source === one[0] && table === one[1]),
    )
    if (node.resource_type === 'seed' && refs.length + sources.length > 0) {
      const names = [...refs.map(({ name }) => name), ...sources.map((one) => one.join('.'))].join(', ')
      throw new MillraceError(
        'MODEL_INVALID',
        `reading ${node.original_file_path}: Seeds cannot depend on other nodes, but a hook refers to ${names}`,
        { at: { file: node.original_file_path }, hint: 'Put the hook on a model that is built on the seed.' },
      )
    }
    node.refs = [...node.refs, ...refs]
    node.sources = [...node.sources, ...sources]
  }
}
