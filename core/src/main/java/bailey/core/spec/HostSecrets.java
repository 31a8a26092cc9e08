package bailey.core.spec;

import static bailey.core.spec.HostSecrets.Kind.DIRECTORY;
import static bailey.core.spec.HostSecrets.Kind.FILE;
import static bailey.core.spec.HostSecrets.Kind.HOMES;
import static bailey.core.spec.HostSecrets.Kind.SCRATCH;

import java.util.List;

/**
 * What a container whose root is the host's root, copy-on-write, does not see of it: files that the
 * host keeps from its ordinary users, and places where its services listen. Root inside such a
 * container reads every file that is not hidden, whether it is root outside (--userns host) or an
 * idmapped mount lends it the files (--userns auto). Data only; docs/security.md explains the
 * choice. A path that the host lacks is left out by whoever plans the mounts.
 */
public final class HostSecrets {
  /** The places of a whole machine. */
  public static final List<Secret> OF_HOST =
      List.of(
          // people
          new Secret("/root", DIRECTORY, "the administrator's home"),
          new Secret("/home", HOMES, "other users' homes"),
          new Secret("/tmp", SCRATCH, "other users' temporary files, tickets and agents"),
          new Secret("/var/tmp", SCRATCH, "other users' temporary files"),
          new Secret("/var/mail", DIRECTORY, "users' mail"),
          new Secret("/var/spool/mail", DIRECTORY, "users' mail"),
          new Secret("/var/lib/systemd/coredump", DIRECTORY, "memory of programs that crashed"),
          new Secret("/var/crash", DIRECTORY, "memory of programs that crashed"),
          new Secret("/lost+found", DIRECTORY, "pieces of others' files"),
          // passwords and rights
          new Secret("/etc/shadow", FILE, "password hashes"),
          new Secret("/etc/shadow-", FILE, "password hashes, the version before"),
          new Secret("/etc/gshadow", FILE, "group password hashes"),
          new Secret("/etc/gshadow-", FILE, "group password hashes, the version before"),
          new Secret("/etc/security/opasswd", FILE, "old password hashes"),
          new Secret("/etc/tcb", DIRECTORY, "password hashes of tcb"),
          new Secret("/var/backups", DIRECTORY, "Debian's copies of shadow and gshadow"),
          new Secret("/etc/sudoers", FILE, "who may become whom"),
          new Secret("/etc/sudoers.d", DIRECTORY, "who may become whom"),
          new Secret("/etc/doas.conf", FILE, "who may become whom"),
          new Secret("/etc/sssd", DIRECTORY, "the password for the directory service"),
          new Secret("/var/lib/sss", DIRECTORY, "cached password hashes"),
          new Secret("/etc/samba/smbpasswd", FILE, "password hashes of Samba"),
          new Secret("/var/lib/samba/private", DIRECTORY, "password hashes and keys of Samba"),
          // keys of the machine
          new Secret("/etc/ssh/ssh_host_key", FILE, "the machine's SSH key"),
          new Secret("/etc/ssh/ssh_host_dsa_key", FILE, "the machine's SSH key"),
          new Secret("/etc/ssh/ssh_host_ecdsa_key", FILE, "the machine's SSH key"),
          new Secret("/etc/ssh/ssh_host_ed25519_key", FILE, "the machine's SSH key"),
          new Secret("/etc/ssh/ssh_host_rsa_key", FILE, "the machine's SSH key"),
          new Secret("/etc/ssl/private", DIRECTORY, "TLS keys"),
          new Secret("/etc/pki/tls/private", DIRECTORY, "TLS keys"),
          new Secret("/etc/letsencrypt", DIRECTORY, "TLS keys and the account for them"),
          new Secret("/etc/krb5.keytab", FILE, "the machine's Kerberos keys"),
          new Secret("/var/lib/krb5kdc", DIRECTORY, "the Kerberos database"),
          new Secret("/var/kerberos", DIRECTORY, "the Kerberos database"),
          new Secret("/etc/credstore", DIRECTORY, "credentials of systemd services"),
          new Secret("/etc/credstore.encrypted", DIRECTORY, "credentials of systemd services"),
          new Secret("/var/lib/systemd/credential.secret", FILE, "the key of those credentials"),
          new Secret("/var/lib/systemd/random-seed", FILE, "the seed of the random numbers"),
          new Secret("/var/lib/private", DIRECTORY, "state of systemd services"),
          new Secret("/var/cache/private", DIRECTORY, "state of systemd services"),
          new Secret("/etc/cryptsetup-keys.d", DIRECTORY, "keys of encrypted disks"),
          new Secret("/etc/luks", DIRECTORY, "keys of encrypted disks"),
          new Secret("/var/lib/tpm", DIRECTORY, "state of the TPM"),
          new Secret("/var/lib/tpm2-tss", DIRECTORY, "state of the TPM"),
          new Secret("/boot", DIRECTORY, "the boot loader's password, kernel addresses, initrd"),
          new Secret("/swapfile", FILE, "memory of everyone"),
          new Secret("/swap.img", FILE, "memory of everyone"),
          new Secret("/.snapshots", DIRECTORY, "older copies of all that is hidden here"),
          new Secret("/timeshift", DIRECTORY, "older copies of all that is hidden here"),
          // network
          new Secret("/etc/NetworkManager/system-connections", DIRECTORY, "Wi-Fi, VPN passwords"),
          new Secret("/var/lib/NetworkManager", DIRECTORY, "its secret key"),
          new Secret("/etc/netplan", DIRECTORY, "Wi-Fi passwords"),
          new Secret("/etc/wpa_supplicant", DIRECTORY, "Wi-Fi passwords"),
          new Secret("/var/lib/iwd", DIRECTORY, "Wi-Fi passwords"),
          new Secret("/var/lib/bluetooth", DIRECTORY, "keys of paired devices"),
          new Secret("/etc/wireguard", DIRECTORY, "VPN keys"),
          new Secret("/etc/openvpn", DIRECTORY, "VPN keys"),
          new Secret("/etc/ipsec.secrets", FILE, "VPN keys"),
          new Secret("/etc/ipsec.d/private", DIRECTORY, "VPN keys"),
          new Secret("/etc/swanctl/private", DIRECTORY, "VPN keys"),
          new Secret("/etc/ppp/chap-secrets", FILE, "dial-in passwords"),
          new Secret("/etc/ppp/pap-secrets", FILE, "dial-in passwords"),
          new Secret("/etc/iscsi", DIRECTORY, "passwords of network disks"),
          new Secret("/etc/ceph", DIRECTORY, "keys of network disks"),
          // the cloud, engines and clusters
          new Secret("/var/lib/cloud", DIRECTORY, "user data and keys given at the first boot"),
          new Secret("/var/lib/waagent", DIRECTORY, "keys of the Azure agent"),
          new Secret("/etc/docker", DIRECTORY, "the engine's key and registry certificates"),
          new Secret("/var/lib/docker", DIRECTORY, "files of other containers"),
          new Secret("/var/lib/containerd", DIRECTORY, "files of other containers"),
          new Secret("/var/lib/containers", DIRECTORY, "files of other containers"),
          new Secret("/var/lib/machines", DIRECTORY, "files of other containers"),
          new Secret("/var/lib/lxc", DIRECTORY, "files of other containers"),
          new Secret("/var/lib/lxd", DIRECTORY, "files of other containers"),
          new Secret("/var/lib/incus", DIRECTORY, "files of other containers"),
          new Secret("/var/snap", DIRECTORY, "data of snaps, among them LXD's containers"),
          new Secret("/var/lib/libvirt", DIRECTORY, "disks of virtual machines"),
          new Secret("/etc/kubernetes", DIRECTORY, "keys of the cluster"),
          new Secret("/etc/rancher", DIRECTORY, "keys of the cluster"),
          new Secret("/var/lib/kubelet", DIRECTORY, "keys and volumes of the cluster"),
          new Secret("/var/lib/rancher", DIRECTORY, "keys of the cluster"),
          new Secret("/var/lib/etcd", DIRECTORY, "the cluster's database"),
          // services
          new Secret("/run", SCRATCH, "sockets of services that obey root, such as docker.sock"),
          new Secret("/etc/apt/auth.conf", FILE, "passwords of package sources"),
          new Secret("/etc/apt/auth.conf.d", DIRECTORY, "passwords of package sources"),
          new Secret("/etc/mysql/debian.cnf", FILE, "the database administrator's password"),
          new Secret("/etc/exim4/passwd.client", FILE, "mail passwords"),
          new Secret("/etc/postfix/sasl", DIRECTORY, "mail passwords"),
          new Secret("/var/lib/mysql", DIRECTORY, "databases"),
          new Secret("/var/lib/postgresql", DIRECTORY, "databases"),
          new Secret("/var/lib/redis", DIRECTORY, "databases"),
          new Secret("/var/lib/mongodb", DIRECTORY, "databases"),
          new Secret("/var/lib/ldap", DIRECTORY, "the directory service's database"),
          new Secret("/var/spool/cron", DIRECTORY, "users' commands with what they contain"),
          new Secret("/var/spool/at", DIRECTORY, "users' commands with their environment"),
          new Secret("/var/spool/cups", DIRECTORY, "what others print"),
          new Secret("/var/spool/exim4", DIRECTORY, "mail under way"),
          new Secret("/var/spool/postfix", DIRECTORY, "mail under way"),
          new Secret("/var/log/audit", DIRECTORY, "what users did"),
          new Secret("/var/log/journal", DIRECTORY, "what users and services did"),
          new Secret("/var/log/private", DIRECTORY, "logs of systemd services"),
          new Secret("/var/log/auth.log", FILE, "who logged in"),
          new Secret("/var/log/secure", FILE, "who logged in"),
          new Secret("/var/log/btmp", FILE, "failed log-ins, among them typed passwords"),
          new Secret("/var/log/syslog", FILE, "what services did"),
          new Secret("/var/log/messages", FILE, "what services did"));

  /**
   * The places inside the caller's own home, relative to it, which otherwise stays visible when an
   * ordinary user runs a container: keys with which a program could act as the user elsewhere.
   */
  public static final List<Secret> IN_OWN_HOME =
      List.of(
          new Secret(".ssh", DIRECTORY, "SSH keys"),
          new Secret(".gnupg", DIRECTORY, "OpenPGP keys"),
          new Secret(".aws", DIRECTORY, "keys of Amazon's cloud"),
          new Secret(".azure", DIRECTORY, "keys of Microsoft's cloud"),
          new Secret(".config/gcloud", DIRECTORY, "keys of Google's cloud"),
          new Secret(".kube", DIRECTORY, "keys of clusters"),
          new Secret(".docker", DIRECTORY, "passwords of registries"),
          new Secret(".config/containers", DIRECTORY, "passwords of registries"),
          new Secret(".config/gh", DIRECTORY, "the token for GitHub"),
          new Secret(".git-credentials", FILE, "passwords of repositories"),
          new Secret(".netrc", FILE, "passwords of servers"),
          new Secret(".pgpass", FILE, "passwords of databases"),
          new Secret(".my.cnf", FILE, "passwords of databases"),
          new Secret(".npmrc", FILE, "tokens of package registries"),
          new Secret(".pypirc", FILE, "tokens of package registries"),
          new Secret(".m2/settings.xml", FILE, "passwords of package registries"),
          new Secret(".m2/settings-security.xml", FILE, "the key of those passwords"),
          new Secret(".password-store", DIRECTORY, "passwords"),
          new Secret(".local/share/keyrings", DIRECTORY, "passwords of the desktop"),
          new Secret(".mozilla", DIRECTORY, "the browser's passwords and sessions"),
          new Secret(".config/google-chrome", DIRECTORY, "the browser's passwords and sessions"),
          new Secret(".config/chromium", DIRECTORY, "the browser's passwords and sessions"),
          new Secret(".bash_history", FILE, "commands with what they contain"),
          new Secret(".zsh_history", FILE, "commands with what they contain"),
          new Secret(".Xauthority", FILE, "the right to watch the screen and type"));

  private HostSecrets() {}

  /** What a place is, and what a program inside finds there. */
  public enum Kind {
    /** A file: inside there is none, or an empty one. */
    FILE,
    /** A directory: inside there is none, or an empty one. */
    DIRECTORY,
    /** A directory of homes: each in it is hidden as a DIRECTORY, but not the caller's own. */
    HOMES,
    /** A directory that programs expect to write to: a fresh one in memory takes its place. */
    SCRATCH
  }

  /**
   * A place to hide.
   *
   * @param path absolute in {@link #OF_HOST}, relative to a home in {@link #IN_OWN_HOME}
   * @param kind what it is where it exists, and what takes its place
   * @param reason what is there, as an apposition
   */
  public record Secret(String path, Kind kind, String reason) {}
}
