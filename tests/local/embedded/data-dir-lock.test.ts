import { lockDataDir } from '@savepoint/local/embedded/data-dir-lock.ts';
import { killNow, startChildProgram } from '../../support/child-program.ts';
import { withDirectory } from '../../support/directory.ts';

const lockElsewhere = (dataDir: string) =>
  startChildProgram(`
    import { lockDataDir } from '@savepoint/local/embedded/data-dir-lock.ts';
    lockDataDir(${JSON.stringify(dataDir)});
    console.log('locked');
    setInterval(() => undefined, 1000);
  `);

test('a second process is told which one holds the directory and what to do', () =>
  withDirectory(async (dataDir) => {
    const child = await lockElsewhere(dataDir);
    try {
      expect(() => lockDataDir(dataDir)).toThrow(
        expect.objectContaining({
          code: 'DATA_DIR_IN_USE',
          retryable: false,
          message: expect.stringMatching(
            new RegExp(`in use by process ${child.process.pid}; .*kill ${child.process.pid}.*DATA_DIR`),
          ),
        }),
      );
    } finally {
      await killNow(child);
    }
  }));

test('the lock of a process that was killed is taken over', () =>
  withDirectory(async (dataDir) => {
    await killNow(await lockElsewhere(dataDir));
    lockDataDir(dataDir).release();
  }));

test('within one process it is held until it is released', () =>
  withDirectory(async (dataDir) => {
    const lock = lockDataDir(dataDir);
    expect(() => lockDataDir(dataDir)).toThrow(expect.objectContaining({ code: 'DATA_DIR_IN_USE' }));
    lock.release();
    lockDataDir(dataDir).release();
  }));
