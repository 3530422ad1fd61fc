// Package libseccomp is what package filter needs of the C library, with the build tag
// libseccomp; else it is empty. A Go binding would be in the module graph of every
// program that imports the library.
package libseccomp
