import type { Json } from '../../../src/base/kernel/index.ts'
import type { ExpectationConfig, Severity, Suite } from '../../../src/work/quality/index.ts'

/** An expectation as a test writes it. */
export type Stated = readonly [type: string, kwargs: Record<string, Json>, more?: { severity?: Severity; id?: string }]

/** A suite without a file. */
export function suiteOf(...stated: readonly Stated[]): Suite {
  return {
    name: 'test',
    file: 'suites/test.json',
    meta: {},
    parameters: {},
    expectations: stated.map(
      ([type, kwargs, more], index): ExpectationConfig => ({
        type,
        kwargs,
        meta: {},
        severity: more?.severity ?? 'critical',
        at: { file: 'suites/test.json', line: index + 1 },
        ...(more?.id ? { id: more.id } : {}),
      }),
    ),
  }
}
