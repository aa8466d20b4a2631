export { IP_PROTOCOL } from './codes.ts';
