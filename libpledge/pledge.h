/* pledge(2) and unveil(2) of OpenBSD, on Linux: link with -lpledge. */
#ifndef PLEDGE_H
#define PLEDGE_H

#ifdef __cplusplus
extern "C" {
#endif

int pledge(const char *promises, const char *execpromises);
int unveil(const char *path, const char *permissions);

#ifdef __cplusplus
}
#endif

#endif
