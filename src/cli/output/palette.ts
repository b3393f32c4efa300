/** Colours that support what the words already say; never the only carrier of a meaning. */
export interface Palette {
  readonly bad: (text: string) => string;
  readonly good: (text: string) => string;
  readonly notable: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain = (text: string): string => text;
export const plainPalette: Palette = { bad: plain, good: plain, notable: plain, faint: plain };

export async function colourPalette(): Promise<Palette> {
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  return { bad: chalk.red, good: chalk.green, notable: chalk.yellow, faint: chalk.dim };
}
