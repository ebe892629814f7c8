#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

dw_err confine_user(const char *name, struct err_detail *detail)
{
    const struct passwd *user = getpwnam(name);
    if (user == NULL) return err_set(detail, DW_E_NOT_FOUND, "user %s", name);
    if (geteuid() == user->pw_uid && getuid() == user->pw_uid) return DW_OK;
    if (geteuid() != 0) return err_set(detail, DW_E_STATE, "only root can go on as %s", name);
    if (initgroups(name, user->pw_gid) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
        return err_set(detail, DW_E_IO, "user %s: %s", name, strerror(errno));
    if (user->pw_uid != 0 && setuid(0) == 0) return err_set(detail, DW_E_STATE, "the way back to root is open");
    return DW_OK;
}

/* Moving a file from one folder to another needs the second version of Landlock: our files are made whole in a folder beside
 * their place. */
enum { CONFINE_ABI = 2 };
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#define CONFINE_TRUNCATE (1ULL << 14) /* since the third */
#define CONFINE_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* No sockets, devices or pipes are made. */
#define CONFINE_WRITE                                                                                                            \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                            \
     LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_REFER)
#define CONFINE_ALL                                                                                                              \
    (CONFINE_READ | CONFINE_WRITE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |   \
     LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK)
/* What can be said of a file that is no folder. */
#define CONFINE_FILE                                                                                                             \
    (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_EXECUTE | CONFINE_TRUNCATE)

static dw_err confine_allow(int ruleset, const char *path, uint64_t access, struct err_detail *detail)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = access};
    struct stat found;
    if (path == NULL) return DW_OK;
    rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
    if (rule.parent_fd < 0) return errno == ENOENT ? DW_OK : err_set(detail, DW_E_IO, "%s: %s", path, strerror(errno));
    if (fstat(rule.parent_fd, &found) == 0 && !S_ISDIR(found.st_mode)) rule.allowed_access &= CONFINE_FILE;
    long failed = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(rule.parent_fd);
    return failed == 0 ? DW_OK : err_set(detail, DW_E_IO, "%s: %s", path, strerror(errno));
}

/* Lists and maps are read by a new run of this program: it alone is run, by the system's loader. */
static dw_err confine_run(int ruleset, struct err_detail *detail)
{
    static const char *const loaders[] = {"/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"};
    char self[4096];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (len <= 0) return err_set(detail, DW_E_IO, "/proc/self/exe: %s", strerror(errno));
    self[len] = 0;
    dw_err err = confine_allow(ruleset, self, CONFINE_READ | LANDLOCK_ACCESS_FS_EXECUTE, detail);
    for (size_t i = 0; err == DW_OK && i < sizeof loaders / sizeof *loaders; i++)
        err = confine_allow(ruleset, loaders[i], CONFINE_READ | LANDLOCK_ACCESS_FS_EXECUTE, detail);
    return err;
}

dw_err confine_files(bool *done, const struct confine_rule *rules, size_t count, struct err_detail *detail)
{
    const char *temporary = getenv("TMPDIR");
    const struct confine_rule own[] = {{"/usr", false},
                                       {"/lib", false},
                                       {"/lib64", false},
                                       {"/etc", false},
                                       {"/proc", false},
                                       {"/sys", false},
                                       {"/var/cache/fontconfig", false},
                                       {"/dev/null", true},
                                       {"/dev/zero", false},
                                       {"/dev/random", false},
                                       {"/dev/urandom", false},
                                       {temporary != NULL && *temporary != 0 ? temporary : "/tmp", true}};
    struct landlock_ruleset_attr attr = {.handled_access_fs = CONFINE_ALL};
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    uint64_t write = CONFINE_READ | CONFINE_WRITE;
    *done = false;
    if (abi < CONFINE_ABI) return DW_OK;
    if (abi >= 3) {
        attr.handled_access_fs |= CONFINE_TRUNCATE;
        write |= CONFINE_TRUNCATE;
    }
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (ruleset < 0) return err_set(detail, DW_E_IO, "landlock: %s", strerror(errno));
    dw_err err = DW_OK;
    for (size_t i = 0; err == DW_OK && i < sizeof own / sizeof *own; i++)
        err = confine_allow(ruleset, own[i].path, own[i].write ? write : CONFINE_READ, detail);
    for (size_t i = 0; err == DW_OK && i < count; i++)
        err = confine_allow(ruleset, rules[i].path, rules[i].write ? write : CONFINE_READ, detail);
    if (err == DW_OK) err = confine_run(ruleset, detail);
    if (err == DW_OK && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || syscall(SYS_landlock_restrict_self, ruleset, 0) != 0))
        err = err_set(detail, DW_E_IO, "landlock: %s", strerror(errno));
    close(ruleset);
    *done = err == DW_OK;
    return err;
}

#if defined(__x86_64__)
#define CONFINE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CONFINE_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef CONFINE_ARCH
/* Refused with EPERM; all else goes on, for libraries change what they call. */
static const int confine_refused[] = {
#ifndef __SANITIZE_ADDRESS__ /* who looks for leaks at the end looks at its threads that way */
    SYS_ptrace,
#endif
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_userfaultfd,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_acct,
    SYS_quotactl,
    SYS_settimeofday,
    SYS_clock_settime};

enum { CONFINE_REFUSED = sizeof confine_refused / sizeof *confine_refused };
#endif

dw_err confine_calls(bool *done, struct err_detail *detail)
{
    *done = false;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return err_set(detail, DW_E_IO, "no_new_privs: %s", strerror(errno));
#ifdef CONFINE_ARCH
    struct sock_filter code[CONFINE_REFUSED + 6];
    size_t n = 0;
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CONFINE_ARCH, 1, 0);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < CONFINE_REFUSED; i++)
        code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)confine_refused[i],
                                                 (unsigned char)(CONFINE_REFUSED - i), 0);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    struct sock_fprog program = {.len = (unsigned short)n, .filter = code};
    *done = prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
    if (!*done && errno != EINVAL && errno != ENOSYS) return err_set(detail, DW_E_IO, "seccomp: %s", strerror(errno));
#endif
    return DW_OK;
}
