import { relative } from 'node:path'
import type { CommandDefinition } from '../command.ts'
import { EXIT } from '../terminal.ts'

const init: CommandDefinition = {
  name: 'init',
  summary: 'Makes a project that runs at once.',
  details: 'Example:\n  millrace init my-project && cd my-project && millrace run daily',
  arguments: [{ name: 'folder', summary: 'A new or empty folder; its name is the project’s.', required: true }],
  async run({ arguments: [folder], terminal }) {
    const { initProject } = await import('../../app/init-project.ts')
    const made = await initProject(String(folder))
    if (terminal.json) terminal.data(made)
    else {
      terminal.line(`Made ${relative(process.cwd(), made.dir) || '.'} with ${made.files.length} files. Next:`)
      terminal.line(`  cd ${relative(process.cwd(), made.dir) || '.'}`)
      terminal.line('  npx millrace run daily    loads, checks, sums and models the bundled orders')
      terminal.line('  npm test                  runs the project’s own tests')
    }
    return EXIT.ok
  },
}
export default init
