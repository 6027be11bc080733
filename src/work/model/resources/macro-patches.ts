import type { Json } from '../../../base/kernel/index.ts'
import type { Invocation } from '../context/node-context.ts'
import { blocksByPackage, resolveDocs } from '../docs.ts'
import type { Manifest } from '../node.ts'
import { descriptionsOf } from '../read/descriptions.ts'
import { type Entry, listOf, mapping, nameOf } from './entry.ts'

/** Puts what `macros:` of properties files say into the manifest's macros: descriptions, arguments, meta, docs. */
export function patchMacros(invocation: Invocation, manifest: Manifest, entries: readonly Entry[]): void {
  const blocks = blocksByPackage(manifest.docs ?? new Map())
  for (const entry of entries) {
    const name = nameOf(entry, 'a macro')
    const { package: owner, file, at, written } = entry
    const macro = manifest.macros.get(`macro.${owner}.${name}`)
    if (!macro) {
      const where = `${file.originalPath}${at.line === undefined ? '' : `:${at.line}`}`
      invocation.warn('NoNodeForYamlKey', `${where}: there is no macro "${name}"; what it says here has no effect`)
      continue
    }
    const { meta: inside, docs: own } = mapping(written['config'])
    const meta = { ...mapping(written['meta']), ...mapping(inside) } as Record<string, Json>
    const docs = { show: true, node_color: null, ...mapping(written['docs']), ...mapping(own) }
    const describe = (text: unknown): string => {
      const described = { description: String(text ?? ''), original_file_path: file.originalPath }
      resolveDocs(described, blocks, [owner, invocation.project.name], descriptionsOf(invocation, owner))
      return described.description
    }
    Object.assign(macro, {
      description: describe(written['description']).trim(),
      meta,
      docs,
      config: { meta, docs },
      patch_path: `${owner}://${file.originalPath}`,
      arguments: listOf(written['arguments']).map((one) => {
        const { name: argument, type, description } = mapping(one)
        return { name: argument ?? '', type: type ?? null, description: describe(description) }
      }),
    })
  }
}
