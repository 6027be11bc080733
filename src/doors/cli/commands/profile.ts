import type { CommandDefinition } from '../command.ts'
import { EXIT, type Terminal } from '../terminal.ts'

const profileCommand: CommandDefinition = {
  name: 'profile',
  summary: 'Measures a dataset, a file or a query column by column, and proposes a suite that it meets.',
  details:
    'Examples:\n  millrace profile raw.orders\n  millrace profile data/products.parquet --json\n  millrace profile raw.orders --suite suites/orders.json',
  arguments: [
    {
      name: 'data',
      summary: 'A dataset (schema.table), a path, or a query that starts with select or with.',
      required: true,
    },
  ],
  options: [
    {
      flags: '--suite <file>',
      summary: 'Writes a proposed Great Expectations suite to this file, which must not exist.',
    },
  ],
  async run({ arguments: [data], options, terminal, signal }) {
    const { openProjectOrFolder } = await import('../../app/open-project.ts')
    const { profileData } = await import('../../app/profile-data.ts')
    const { printProfile } = await import('../print-profile.ts')
    const file = typeof options.suite === 'string' ? options.suite : undefined
    const { existsSync } = await import('node:fs')
    const { MillraceError } = await import('../../../base/kernel/index.ts')
    if (file !== undefined && existsSync(file)) {
      throw new MillraceError('WRITE_EXISTS', `writing a proposed suite to ${file}, which exists`, {
        hint: 'Name another file, or remove this one.',
      })
    }
    await using project = await openProjectOrFolder({ ...options, signal })
    const profile = await measured(terminal, (onProgress) =>
      profileData(project, { data: String(data), signal, onProgress }),
    )
    if (terminal.json) terminal.data(profile)
    else printProfile(terminal, profile)
    if (file !== undefined) {
      const { basename, dirname, extname } = await import('node:path')
      const { mkdir, writeFile } = await import('node:fs/promises')
      const { proposeSuite } = await import('../../../work/quality/index.ts')
      const suite = proposeSuite(basename(file, extname(file)), profile)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, `${JSON.stringify(suite, null, 2)}\n`, { flag: 'wx' })
      terminal.note(`A suite was proposed in ${file}; try it: millrace validate '${String(data)}' --suite ${file}`)
    }
    return EXIT.ok
  },
}
export default profileCommand

/** Runs with a line that tells how many columns are measured. */
async function measured<T>(
  terminal: Terminal,
  run: (tell: (done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  const { ProgressLine } = await import('../progress-line.ts')
  using progress = new ProgressLine(terminal)
  return await run((done, of) => progress.say(`  profiling: ${done} of ${of} columns`))
}
