import { count, moment } from './numbers.ts';

type Props = { points: readonly { at: string; value: number }[]; name: string };

const height = 48;
const step = 6;

/** Counts over time, a bar each. What it shows is also its text for those who cannot see it. */
export function BarChart({ points, name }: Props) {
  const most = Math.max(1, ...points.map(({ value }) => value));
  const total = points.reduce((sum, { value }) => sum + value, 0);
  return (
    <svg
      class="bars"
      viewBox={`0 0 ${Math.max(1, points.length) * step} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${name}: ${count(total)} in all, at most ${count(points.length === 0 ? 0 : most)} at a time`}
    >
      {points.map(({ at, value }, index) => {
        const tall = value === 0 ? 1 : Math.max(3, (value / most) * height);
        return (
          <rect
            key={at}
            class={value === 0 ? 'none' : ''}
            x={index * step + 1}
            y={height - tall}
            width={step - 2}
            height={tall}
          >
            <title>
              {moment(at)}: {count(value)}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}
