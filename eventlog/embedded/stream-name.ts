export const isMetastream = (stream: string): boolean => stream.startsWith('$$')

export const metastreamOf = (stream: string): string => `$$${stream}`

/** The stream that a metadata stream describes. */
export const originalOf = (metastream: string): string => metastream.slice(2)
