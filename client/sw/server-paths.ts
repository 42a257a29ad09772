/**
 * What belongs to the sync server and is never answered from the store (docs/protocol/http.md). A prefix counts only as
 * a whole path segment: `/synced` would be a client route.
 */
export const SERVER_PATHS: RegExp = /^\/(?:api|sync|health|metrics)(?:\/|$|\?)/;
