/** The address under which a picture is served. */
declare module '*.svg' {
  const address: string;
  export default address;
}
