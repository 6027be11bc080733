import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const types: CommandDefinition = {
  name: 'types',
  summary: 'Writes row types of the project’s datasets, so that columns complete and typos fail to compile.',
  details:
    'Reads the schemas of lake tables and of the engine’s tables and views, dbt’s among them, and writes one file of\ndeclarations, millrace.d.ts; name it under "include" of the tsconfig.json. Run it after tables have changed.\nExamples:\n  millrace types\n  millrace types --check',
  options: [
    { flags: '--out <file>', summary: 'Another file than millrace.d.ts, from the project’s folder.' },
    { flags: '--check', summary: 'Write nothing; exit 1 when the file is not what would be written.' },
  ],
  async run({ options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { writeTypes } = await import('../../app/write-types.ts')
    await using project = await openProject({ ...options, signal })
    const check = options.check === true
    const written = await writeTypes(project, {
      check,
      ...(typeof options.out === 'string' ? { out: options.out } : {}),
    })
    const { file, datasets, skipped, changed } = written
    if (terminal.json) terminal.data(written)
    else {
      for (const { dataset, why } of skipped) terminal.note(`${dataset} is left out: ${why}`)
      const count = `${datasets.length} dataset${datasets.length === 1 ? '' : 's'}`
      terminal.line(
        check
          ? changed
            ? `${file} is out of date; run millrace types.`
            : `${file} is up to date: ${count}.`
          : `${file}: ${count}${changed ? '' : ', as before'}.`,
      )
    }
    return check && changed ? EXIT.failed : EXIT.ok
  },
}
export default types
