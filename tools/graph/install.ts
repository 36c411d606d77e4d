import { ensurePlatform, platformDirectory } from './platform.ts';

try {
  const installed = await ensurePlatform();
  console.log(`${installed ? 'Installed' : 'Already installed'}: ${platformDirectory}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
