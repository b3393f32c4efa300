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

/** Dark on light, where others are light on dark: a line that stands apart. */
export async function inverse(): Promise<(text: string) => string> {
  const { Chalk } = await import("chalk");
  return new Chalk({ level: 1 }).inverse;
}

/** Colours for requests: a request's lines share one, and mostly differ from their neighbours'. */
export async function requestColours(): Promise<(shortId: string) => string> {
  const { Chalk } = await import("chalk");
  const chalk = new Chalk({ level: 1 });
  // Without red and yellow, which say how bad a line is.
  const colours = [
    chalk.cyan,
    chalk.magenta,
    chalk.green,
    chalk.blue,
    chalk.cyanBright,
    chalk.magentaBright,
    chalk.greenBright,
    chalk.blueBright,
  ];
  return (shortId) => {
    const number = Number.parseInt(shortId.slice(0, 4), 16) || shortId.charCodeAt(0) || 0;
    return (colours[number % colours.length] ?? chalk.cyan)(shortId);
  };
}
