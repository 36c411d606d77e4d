/** The colours of a cover, from the sky down to what stands nearest. */
export type Palette = {
  sky: readonly [string, string];
  light: string;
  far: string;
  middle: string;
  near: string;
  ink: string;
};

export const palettes: readonly Palette[] = [
  {
    sky: ['#1b2a4e', '#e8735a'],
    light: '#ffd9a0',
    far: '#7a4a6b',
    middle: '#46305a',
    near: '#1c1733',
    ink: '#fff4e3',
  },
  {
    sky: ['#0d2f3f', '#49b6a8'],
    light: '#e6fff4',
    far: '#2a7b83',
    middle: '#17525f',
    near: '#092a35',
    ink: '#f0fffa',
  },
  {
    sky: ['#2a0f3d', '#d8458b'],
    light: '#ffe1f0',
    far: '#8d2f77',
    middle: '#551f5c',
    near: '#200a2e',
    ink: '#ffeef8',
  },
  {
    sky: ['#f3c56b', '#e2703a'],
    light: '#fff3c9',
    far: '#b3502f',
    middle: '#7a3328',
    near: '#3b1720',
    ink: '#fffaf0',
  },
  {
    sky: ['#0b1d3a', '#2f6fb5'],
    light: '#dff1ff',
    far: '#2a5690',
    middle: '#193a68',
    near: '#0a1a35',
    ink: '#eef7ff',
  },
  {
    sky: ['#dfe9d8', '#8dbb93'],
    light: '#ffffff',
    far: '#6f9f80',
    middle: '#42735c',
    near: '#1e4039',
    ink: '#14302b',
  },
  {
    sky: ['#101014', '#7c1420'],
    light: '#ff5a4a',
    far: '#5a1019',
    middle: '#34090f',
    near: '#120306',
    ink: '#ffe9e4',
  },
  {
    sky: ['#f6e7d7', '#e59a86'],
    light: '#ffffff',
    far: '#cc7a70',
    middle: '#95515c',
    near: '#4d2b45',
    ink: '#3d2038',
  },
  {
    sky: ['#17163b', '#5b4bdb'],
    light: '#cfc6ff',
    far: '#4439a6',
    middle: '#2b2573',
    near: '#131033',
    ink: '#f2efff',
  },
  {
    sky: ['#cfe8f5', '#6fb3dd'],
    light: '#ffffff',
    far: '#5b94bd',
    middle: '#33688f',
    near: '#173a57',
    ink: '#10304a',
  },
  {
    sky: ['#1a1c20', '#5f6b73'],
    light: '#e7ecef',
    far: '#4d575e',
    middle: '#31393f',
    near: '#15191c',
    ink: '#f4f6f7',
  },
  {
    sky: ['#06251c', '#1f8f5f'],
    light: '#d8ffd9',
    far: '#17694a',
    middle: '#0e4634',
    near: '#05211a',
    ink: '#ecffef',
  },
];
