/** The other side kept its caller waiting for longer than agreed. */
export class WaitedTooLong extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * `promise`, or a WaitedTooLong after so many seconds. The timer is held by Node, so that nothing can lose it.
 * @param giveUp ends what the promise stands for, which would go on otherwise.
 */
export async function within<Value>(
  seconds: number,
  promise: Promise<Value>,
  giveUp: () => void = () => undefined,
): Promise<Value> {
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    tooLong.reject(new WaitedTooLong(`no answer within ${seconds} s`));
    giveUp();
  }, seconds * 1000);
  try {
    return await Promise.race([promise, tooLong.promise]);
  } finally {
    clearTimeout(timer);
  }
}
