/** Text with its variables filled in, or the name of one that is not set. */
export type FilledText = { readonly text: string } | { readonly missing: string }

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Puts variables of the environment where a text says `${NAME}`. */
export function fillVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): FilledText {
  for (const [, name = ''] of text.matchAll(variable))
    if (!environment[name]) return { missing: name }
  return { text: text.replace(variable, (_, name: string) => environment[name] ?? '') }
}
