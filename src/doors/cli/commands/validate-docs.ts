import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const validateDocs: CommandDefinition = {
  name: 'validate docs',
  summary: 'Writes what became of all validations as one HTML page that needs nothing beside it.',
  details: 'Examples:\n  millrace validate docs\n  millrace validate docs --out public/quality.html',
  options: [{ flags: '--out <file>', summary: 'Where to write it.', default: 'data-docs.html' }],
  async run({ options, terminal, signal }) {
    const { openProject } = await import('../../app/open-project.ts')
    const { projectDataDocs } = await import('../../app/quality-history.ts')
    const { writePage } = await import('../write-page.ts')
    await using project = await openProject({ ...options, signal })
    const file = await writePage(String(options.out), await projectDataDocs(project))
    if (terminal.json) terminal.data({ file })
    else terminal.line(`Written: ${file}`)
    return EXIT.ok
  },
}
export default validateDocs
