#define LIBRARY
#include "../../../attacks/testdata/ring.c"
