// Answers about 3,000 validations that a project has kept. Arguments: project folder, what (make, history, list, docs).
import { openProject } from '../../src/doors/app/open-project.ts'
import { qualityChecks } from '../../src/doors/app/quality-checks.ts'
import { projectDataDocs, qualityHistory } from '../../src/doors/app/quality-history.ts'
import { keepValidation, type ValidationResult } from '../../src/work/quality/index.ts'

const [projectDir = '', what = ''] = process.argv.slice(2)
await using project = await openProject({ projectDir })

function validation(number: number): ValidationResult {
  const results = Array.from({ length: 12 }, (_, i): ValidationResult['results'][number] => {
    const unexpected = (number * 7 + i) % 23 === 0 ? number : 0
    return {
      success: unexpected === 0,
      expectation_config: {
        type: 'expect_column_values_to_be_between',
        kwargs: { column: `column_${i}`, min_value: 0, max_value: 100 + i },
        meta: {},
        severity: i % 3 === 0 ? 'warning' : 'critical',
      },
      result: { element_count: 10_000 + number, unexpected_count: unexpected },
      meta: {},
      exception_info: { raised_exception: false, exception_message: null, exception_traceback: null },
    }
  })
  const met = results.filter(({ success }) => success).length
  return {
    success: met === 12,
    suite_name: `suite_${number % 3}`,
    results,
    statistics: {
      evaluated_expectations: 12,
      successful_expectations: met,
      unsuccessful_expectations: 12 - met,
      success_percent: (met / 12) * 100,
    },
    suite_parameters: {},
    meta: { run_id: { run_name: null, run_time: new Date(Date.UTC(2024, 0, 1, number)).toISOString() } },
  }
}

const ASKED: Readonly<Record<string, () => Promise<unknown>>> = {
  make: async () => {
    for (let number = 0; number < 3000; number += 1) {
      await keepValidation(project.state, `raw.table_${number % 30}`, validation(number))
    }
  },
  history: () => qualityHistory(project, { limit: 3000 }),
  dataset: () => qualityHistory(project, { dataset: 'raw.table_7', limit: 100 }),
  list: () => qualityChecks(project),
  docs: () => projectDataDocs(project),
}
const before = process.cpuUsage()
const started = performance.now()
await ASKED[what]?.()
const { user, system } = process.cpuUsage(before)
console.log(
  `BENCH ${JSON.stringify({ seconds: (performance.now() - started) / 1000, cpuSeconds: (user + system) / 1e6 })}`,
)
