export type SlowSteps = {
  /** @param waitingFor as in “Waiting for the database at 127.0.0.1:5432 …” */
  begin(waitingFor: string): void;
  end(): void;
};

const silenceMs = 1000;

const toTerminal = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
};

/** Nobody waits in silence: a step that takes over a second is told, once, where somebody may be looking. */
export function tellSlowSteps(write: (line: string) => void = toTerminal): SlowSteps {
  let timer: NodeJS.Timeout | undefined;
  const end = () => clearTimeout(timer);
  return {
    begin(waitingFor) {
      end();
      timer = setTimeout(() => write(`Waiting for ${waitingFor} …`), silenceMs);
    },
    end,
  };
}
