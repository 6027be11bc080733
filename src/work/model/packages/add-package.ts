import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDocument } from 'yaml'
import { MillraceError } from '../../../base/kernel/index.ts'
import { isTree } from '../read/config-tree.ts'
import { PACKAGE_LISTS } from './package-list.ts'

/**
 * Writes a package into packages.yml, in the place of one of the same name; comments stay.
 * @throws MillraceError PACKAGE_INVALID for a package of the hub without a version
 */
export async function addPackage(dir: string, written: string, source: 'hub' | 'git' | 'local'): Promise<void> {
  // An address of git may hold an @ before its host.
  const at = source === 'git' ? /^(.+?:\/\/.+|.+:.+)@([^/:]+)$/.exec(written) : /^([^@]+)@(.+)$/.exec(written)
  const name = at?.[1] ?? written
  const version = at?.[2]
  if (source === 'hub' && version === undefined) {
    throw new MillraceError('PACKAGE_INVALID', `adding the package ${written}: it has no version`, {
      hint: 'Write --add-package owner/name@1.0.0, or a range: "owner/name@>=1.0.0,<2.0.0".',
    })
  }
  const file = PACKAGE_LISTS.find((one) => existsSync(join(dir, one))) ?? PACKAGE_LISTS[0]
  const text = existsSync(join(dir, file)) ? await readFile(join(dir, file), 'utf8') : 'packages: []\n'
  const document = parseDocument(text)
  const list: unknown = document.toJS()
  const entries = isTree(list) && Array.isArray(list['packages']) ? list['packages'] : []
  const versions = version?.includes(',') ? version.split(',').map((part) => part.trim()) : version
  const key = source === 'hub' ? 'package' : source
  const entry = {
    [key]: name,
    ...(versions === undefined ? {} : { [source === 'git' ? 'revision' : 'version']: versions }),
  }
  const same = entries.findIndex((one) => isTree(one) && shortName(one) === shortName(entry))
  if (!document.has('packages') || entries.length === 0) document.set('packages', document.createNode([entry]))
  else if (same >= 0) document.setIn(['packages', same], document.createNode(entry))
  else document.addIn(['packages'], document.createNode(entry))
  await writeFile(join(dir, file), document.toString())
}

/** What names a package, however it is fetched: `dbt_utils` of `dbt-labs/dbt_utils` and of `…/dbt-utils.git`. */
function shortName(entry: Readonly<Record<string, unknown>>): string {
  const place = String(entry['package'] ?? entry['git'] ?? entry['local'] ?? entry['tarball'] ?? '')
  return (place.split('/').at(-1) ?? '').replace(/\.git$/, '').replaceAll('-', '_')
}
