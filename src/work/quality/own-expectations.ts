import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { MillraceError } from '../../base/kernel/index.ts'
import { importModule } from '../../base/project/index.ts'
import type { Expectation } from './expectation.ts'
import { EXPECTATIONS } from './registry.generated.ts'

/**
 * The expectations of a project's own: each file of `plugins/` may export one, or a list of them, by default; other
 * kinds of plug-ins are left to others.
 * @throws MillraceError PLUGIN_INVALID, naming the file, also when one has the name of another
 */
export async function loadExpectations(dir: string): Promise<readonly Expectation[]> {
  if (!existsSync(dir)) return []
  const known = new Map(EXPECTATIONS.map(({ type }) => [type, 'Millrace']))
  const found: Expectation[] = []
  for (const name of readdirSync(dir).sort()) {
    if (!/\.(ts|mts|js|mjs)$/.test(name) || /\.(test|d)\./.test(name)) continue
    const file = join(dir, name)
    const { default: exported } = await importModule(file, 'PLUGIN_INVALID')
    for (const one of [exported].flat()) {
      if (!isExpectation(one)) continue
      const other = known.get(one.type)
      if (other !== undefined) {
        throw new MillraceError('PLUGIN_INVALID', `the expectation ${one.type} is one of ${other} already`, {
          at: { file },
          hint: 'Give it a name of its own, such as expect_column_values_to_be_iban.',
        })
      }
      known.set(one.type, file)
      found.push(one)
    }
  }
  return found
}

function isExpectation(value: unknown): value is Expectation {
  const { type, check, kwargs } = (value ?? {}) as Partial<Expectation>
  return typeof type === 'string' && typeof check === 'function' && typeof kwargs?.safeParse === 'function'
}
