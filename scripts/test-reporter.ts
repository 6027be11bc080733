import { DefaultReporter, type TestModule } from 'vitest/node'

/** Vitest's own report, then the skipped tests by name and one closing line: `123 passed, 0 failed`. */
export default class MillraceReporter extends DefaultReporter {
  override onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    errors: Parameters<DefaultReporter['onTestRunEnd']>[1],
    reason: Parameters<DefaultReporter['onTestRunEnd']>[2],
  ): void {
    super.onTestRunEnd(modules, errors, reason)
    let passed = 0
    let failed = errors.length
    const skipped: string[] = []
    for (const module of modules) {
      if (module.state() === 'failed' && module.errors().length > 0) failed += 1
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') passed += 1
        else if (state === 'failed') failed += 1
        else skipped.push(`${module.relativeModuleId}: ${test.fullName}`)
      }
    }
    if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((name) => `  ${name}`).join('\n')}`)
    console.log(`\n${passed} passed, ${failed} failed${skipped.length ? `, ${skipped.length} skipped` : ''}`)
    if (skipped.length > 0 && process.env.MILLRACE_FORBID_SKIPS) {
      console.log('Skipping is forbidden here (MILLRACE_FORBID_SKIPS).')
      process.exitCode = 1
    }
  }
}
