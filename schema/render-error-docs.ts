import { errorCodes } from './error-codes.ts'
import { exitCodes } from './errors.ts'

/** Renders `docs/errors.md` from the table of codes. */
export function renderErrorDocs(): string {
  const sections = Object.entries(errorCodes).map(
    ([code, { class: errorClass, sentence, remedy }]) =>
      `## ${code}\n\n${sentence}\n\n- class: ${errorClass} (exit code ${exitCodes[errorClass]}${
        errorClass === 'unavailable' ? ', may succeed when tried again' : ''
      })\n- what to do: ${remedy}\n`,
  )
  return `# Error codes\n\nGenerated from \`schema/error-codes.ts\` by \`npm run docs:errors\`.\n\n${sections.join('\n')}`
}
