#compdef bailey
# zsh completion for bailey, made by: bailey completion zsh
# To use it: put it as _bailey into a folder of $fpath

_bailey_containers() {
  local -a names
  names=("${(@f)$($_bailey_program ps --all --quiet 2> /dev/null)}")
  names=(${names:#})
  compadd -a names
}

_bailey() {
  local context state line _bailey_program=$words[1]
  typeset -A opt_args
  local -a subcommands=(
    'run:runs a command in a new container'
    'exec:runs a further command in a container'
    'enter:runs a command of this machine in a container'\''s namespaces'
    'create:makes a container for others to be in'
    'attach:puts running processes into a container'
    'adopt:puts the daemons of this machine into a container'
    'clone:gives a process a container in the one that it is in'
    'ps:lists containers, or the processes in them'
    'ls:shows the tree of containers and what they use'
    'show:shows what a container has of its own, shares, and holds'
    'stats:shows what containers use'
    'events:shows what happens to containers'
    'wait:waits until a container has ended'
    'report:tells why a container ended, and what it used'
    'kill:kills everything in a container, or sends a signal'
    'freeze:stops everything in a container where it is'
    'thaw:lets a frozen container go on'
    'rm:removes a container'
    'get:reads the limits and figures of a container'
    'set:changes a limit or another property of a container'
    'explain:shows each step that a run would do, and why'
    'subsystems:lists controllers and namespaces, and their controls'
    'namespaces:lists namespaces and what keeps each'
    'hierarchy:mounts, unmounts and lists hierarchies of containers'
    'mount:shows all containers as files and directories'
    'umount:takes a mount of bailey mount away'
    'doctor:checks what this machine and user can do'
    'gc:puts right what crashes and others left behind'
    'oci:is an OCI runtime: what container engines call'
    'serve:runs, shows or stops the resident planner'
    'completion:prints the completion script of a shell'
    'version:says which version this is'
    'help:explains a command, with examples'
  )
  if (( CURRENT == 2 )); then
    _describe 'command' subcommands
    return
  fi
  shift words
  (( CURRENT-- ))
  _bailey_command
}

_bailey_run_after_explain() {
  words[1]=run
  _bailey_command
}

_bailey_command() {
  case $words[1] in
    run)
      _arguments -s -S \
        '--name=[its name; with slashes, inside of others: ci/job-42]:NAME:' \
        '--hostname=[its host name; otherwise its name]:NAME:' \
        '(-d --detach)'{-d,--detach}'[starts it in the background and prints its name]' \
        '--rm[with --detach: keeps nothing but its report when it ends]' \
        '--log=[with --detach: appends its output to FILE]:FILE:_files' \
        '--boundary[lets it make containers in it, of which it is the root]' \
        '--report[tells at the end why it ended and what it used]' \
        '(-m --memory)'{-m,--memory=}'[most memory; beyond it, the kernel kills in it]:SIZE:' \
        '--pids=[most processes and threads]:NUMBER:' \
        '--cpus=[most CPU time, in CPUs: 0.5 is half of one]:NUMBER:' \
        '--cpuset-cpus=[the CPUs that it may use]:LIST:' \
        '*--set=[a control file, as bailey get lists them]:CONTROL=VALUE:' \
        '*--rlimit=[a limit for each process]:NAME=SOFT[\:HARD]:' \
        '--timeout=[kills everything in it after this time]:TIME:' \
        '--root=[its root, instead of this machine'\''s]:DIRECTORY:_directories' \
        '--read-only[its root cannot be written]' \
        '*'{-v,--bind=}'[shows a file or folder inside]:SOURCE\:PATH[\:ro]:_files' \
        '--proc=[view: /proc shows its own memory, CPUs, load; host: all]:KIND:(view host)' \
        '*--tmpfs=[an empty folder in memory]:PATH[\:SIZE]:' \
        '*--reveal=[shows a secret of this machine, hidden otherwise]:PATH:_files' \
        '(-u --user)'{-u,--user=}'[who COMMAND runs as: names or numbers]:USER[\:GROUP]:_users' \
        '(-w --workdir)'{-w,--workdir=}'[its working directory inside; otherwise this one, or /]:PATH:' \
        '*'{-e,--env=}'[sets a variable, or copies one from here]:NAME[=VALUE]:' \
        '(-t --tty)'{-t,--tty}'[a terminal of its own]' \
        '(-i --interactive)'{-i,--interactive}'[accepted for those used to it: standard input is always connected]' \
        '--clean-env[starts from PATH, HOME and TERM, not from this environment]' \
        '--init[process 1 is bailey'\''s, which reaps and forwards signals: the default]' \
        '--no-init[process 1 is COMMAND]' \
        '*--cap-add=[keeps further capabilities, such as net_raw,sys_time]:LIST:' \
        '*--cap-drop=[drops capabilities; all drops every one not added]:LIST:' \
        '--seccomp=[system call filter: default or unconfined]:FILTER:(default unconfined)' \
        '--new-privileges[lets set-user-id programs gain privileges]' \
        '--userns=[auto: root inside is nobody outside; host: it is root]:KIND:(auto host)' \
        '--net=[none: only its own loopback, the default; host: this one'\''s]:KIND:(none host)' \
        '--new=[has these alone of its own, and shares all others]:LIST:(pid mnt uts ipc net user cgroup time)' \
        '*--share=[shares some of this shell, such as ipc,uts]:LIST:(pid mnt uts ipc net user cgroup time)' \
        '*--join=[joins that of a container, or of a file: net=/run/net]:KIND=CONTAINER:' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '(-)1:program:_command_names -e' \
        '*::argument:_normal'
      ;;
    exec)
      _arguments -s -S \
        '(-u --user)'{-u,--user=}'[who COMMAND runs as: names or numbers]:USER[\:GROUP]:_users' \
        '(-w --workdir)'{-w,--workdir=}'[its working directory inside; otherwise this one, or /]:PATH:' \
        '*'{-e,--env=}'[sets a variable, or copies one from here]:NAME[=VALUE]:' \
        '(-t --tty)'{-t,--tty}'[a terminal of its own]' \
        '(-i --interactive)'{-i,--interactive}'[accepted for those used to it: standard input is always connected]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:_bailey_containers' \
        '(-)2:program:_command_names -e' \
        '*::argument:_normal'
      ;;
    enter)
      _arguments -s -S \
        '(-o --only)'{-o,--only=}'[enters these namespaces and nothing else]:LIST:' \
        '(-t --tty)'{-t,--tty}'[a terminal of its own; also for a shell on a terminal]' \
        '*'{-e,--env=}'[sets a variable, or copies one from here]:NAME[=VALUE]:' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:_bailey_containers' \
        '(-)2:program:_command_names -e' \
        '*::argument:_normal'
      ;;
    create)
      _arguments -s -S \
        '(-m --memory)'{-m,--memory=}'[most memory; beyond it, the kernel kills in it]:SIZE:' \
        '--pids=[most processes and threads]:NUMBER:' \
        '--cpus=[most CPU time, in CPUs: 0.5 is half of one]:NUMBER:' \
        '--cpuset-cpus=[the CPUs that it may use]:LIST:' \
        '*--set=[a control file, as bailey get lists them]:CONTROL=VALUE:' \
        '--new=[namespaces made now, which stay without a process]:LIST:' \
        '--on-empty=[when its last process has left: ignore, notify, delete]:WHAT:(ignore notify delete)' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:'
      ;;
    attach)
      _arguments -s -S \
        '(-r --tree)'{-r,--tree}'[moves all descendants of each PID as well]' \
        '--thread[each PID is a single thread; as far as the controllers know threads]' \
        '--json[prints what moved and what did not as JSON]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:_bailey_containers' \
        '*:argument:'
      ;;
    adopt)
      _arguments -s -S \
        '--system=[the container for the system'\''s daemons]:NAME:_bailey_containers' \
        '(-n --dry-run)'{-n,--dry-run}'[moves nothing and prints what would be moved]' \
        '--json[prints JSON]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]'
      ;;
    clone)
      _arguments -s -S \
        '(-m --memory)'{-m,--memory=}'[most memory; beyond it, the kernel kills in it]:SIZE:' \
        '--pids=[most processes and threads]:NUMBER:' \
        '--cpus=[most CPU time, in CPUs: 0.5 is half of one]:NUMBER:' \
        '--cpuset-cpus=[the CPUs that it may use]:LIST:' \
        '*--set=[a control file, as bailey get lists them]:CONTROL=VALUE:' \
        '--new=[subsystems that are its own, beside its limits]:LIST:' \
        '(-n --name)'{-n,--name=}'[its name there; otherwise the number of the process]:NAME:' \
        '--on-empty=[with PID: ignore, notify, delete]:WHAT:(ignore notify delete)' \
        '(-r --tree)'{-r,--tree}'[with PID: moves all descendants of PID as well]' \
        '--json[with PID: prints what moved and what did not as JSON]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '(-)1:program:_command_names -e' \
        '*::argument:_normal'
      ;;
    ps)
      _arguments -s -S \
        '(-a --all)'{-a,--all}'[lists those too in which nothing runs]' \
        '(-q --quiet)'{-q,--quiet}'[prints names, or process numbers, only]' \
        '--json[prints JSON]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    ls)
      _arguments -s -S \
        '--json[prints JSON, with exact values]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]'
      ;;
    show)
      _arguments -s -S \
        '--json[prints JSON]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    stats)
      _arguments -s -S \
        '(-f --follow)'{-f,--follow}'[shows it again and again, with the share of CPU, until Ctrl-C]' \
        '--interval=[with --follow: how long from one to the next; 1s]:TIME:' \
        '--json[prints JSON with exact values; with --follow one object a line]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    events)
      _arguments -s -S \
        '(-f --follow)'{-f,--follow}'[what happens from now on]' \
        '--interval=[with --follow: how long from look to look; 1s]:TIME:' \
        '--json[prints JSON; with --follow one object a line]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    wait)
      _arguments -s -S \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    report)
      _arguments -s -S \
        '--json[prints JSON with exact values]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:_bailey_containers'
      ;;
    kill)
      _arguments -s -S \
        '(-s --signal)'{-s,--signal=}'[the signal to send to the command: TERM, USR1, 15]:SIGNAL:(HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS)' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    freeze)
      _arguments -s -S \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    thaw)
      _arguments -s -S \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    rm)
      _arguments -s -S \
        '(-f --force)'{-f,--force}'[kills what runs in it first]' \
        '(-r --recursive)'{-r,--recursive}'[removes the containers in it too]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    get)
      _arguments -s -S \
        '--json[prints JSON]' \
        '--view=[of a limit: external, set from here, the default; internal, set by a guest behind a boundary; effective, the lower one]:SIDE:(external internal effective)' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:_bailey_containers' \
        '*:argument:(memory.max memory.high memory.low memory.swap.max memory.current memory.peak memory.swap.current memory.kmem.current memory.events memory.stat cpu.weight cpu.max cpu.max.burst cpu.stat cpuset.cpus cpuset.cpus.effective memset.mems memset.mems.effective cpuacct.usage cpuacct.usage_user cpuacct.usage_sys pids.max pids.current pids.peak pids.events io.weight io.max io.stat devices.list freezer.state hugetlb.64KB.max hugetlb.64KB.current hugetlb.2MB.max hugetlb.2MB.current hugetlb.32MB.max hugetlb.32MB.current hugetlb.512MB.max hugetlb.512MB.current hugetlb.1GB.max hugetlb.1GB.current hugetlb.16GB.max hugetlb.16GB.current pid.max pid.last pid.level mnt.mounts mnt.readonly uts.hostname uts.domainname ipc.shmmax ipc.shmall ipc.shmmni ipc.shm_rmid_forced ipc.msgmax ipc.msgmnb ipc.msgmni ipc.sem ipc.mq_queues_max ipc.mq_msg_max ipc.mq_msg_default ipc.mq_msgsize_max ipc.mq_msgsize_default net.interfaces net.core.somaxconn net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_max_syn_backlog net.ipv6.conf.all.forwarding net.unix.max_dgram_qlen user.max_cgroup_namespaces user.max_ipc_namespaces user.max_mnt_namespaces user.max_net_namespaces user.max_pid_namespaces user.max_time_namespaces user.max_user_namespaces user.max_uts_namespaces user.uid_map user.gid_map user.setgroups cgroup.root time.monotonic time.boottime)'
      ;;
    set)
      _arguments -s -S \
        '--view=[of a limit: external, the default, or internal, that of a guest behind a boundary]:SIDE:(external internal)' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:_bailey_containers' \
        '2:argument:(memory.max memory.high memory.low memory.swap.max cpu.weight cpu.max cpu.max.burst cpuset.cpus memset.mems pids.max io.weight io.max devices.allow devices.deny freezer.state hugetlb.64KB.max hugetlb.2MB.max hugetlb.32MB.max hugetlb.512MB.max hugetlb.1GB.max hugetlb.16GB.max pid.max pid.last mnt.readonly uts.hostname uts.domainname ipc.shmmax ipc.shmall ipc.shmmni ipc.shm_rmid_forced ipc.msgmax ipc.msgmnb ipc.msgmni ipc.sem ipc.mq_queues_max ipc.mq_msg_max ipc.mq_msg_default ipc.mq_msgsize_max ipc.mq_msgsize_default net.core.somaxconn net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_max_syn_backlog net.ipv6.conf.all.forwarding net.unix.max_dgram_qlen user.max_cgroup_namespaces user.max_ipc_namespaces user.max_mnt_namespaces user.max_net_namespaces user.max_pid_namespaces user.max_time_namespaces user.max_user_namespaces user.max_uts_namespaces user.uid_map user.gid_map time.monotonic time.boottime)' \
        '3:argument:'
      ;;
    explain)
      _arguments -s -S \
        '--json[prints JSON]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*::command:_bailey_run_after_explain'
      ;;
    subsystems)
      _arguments -s -S \
        '--json[prints JSON, with all control files]' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:(memory cpu cpuset memset cpuacct pids io devices freezer hugetlb pid mnt uts ipc net user cgroup time)'
      ;;
    namespaces)
      _arguments -s -S \
        '--json[prints JSON, with all that keeps each]' \
        '(-H --hierarchy)'{-H,--hierarchy=}'[containers of that hierarchy; else of default]:NAME:' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:_bailey_containers'
      ;;
    hierarchy)
      _arguments -s -S \
        '(-o --subsystems)'{-o,--subsystems=}'[with mount: what it is to have]:LIST:' \
        '--json[with list: prints JSON]' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:(list mount unmount agent)'
      ;;
    mount)
      _arguments -s -S \
        '(-o --options)'{-o,--options=}'[the hierarchy or subsystems at the top]:NAMES:' \
        '--foreground[serves it itself, until it is unmounted]' \
        '--descriptor=[goes on serving what another has mounted]:N:' \
        '--json[without DIR: prints JSON]' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:'
      ;;
    umount)
      _arguments -s -S \
        '(-f --force)'{-f,--force}'[also where it is in use]' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:'
      ;;
    doctor)
      _arguments -s -S \
        '--json[prints JSON]' \
        '(-h --help)'{-h,--help}'[Shows this help]'
      ;;
    gc)
      _arguments -s -S \
        '(-f --force)'{-f,--force}'[removes containers with a damaged record too]' \
        '--json[prints JSON]' \
        '(-h --help)'{-h,--help}'[Shows this help]'
      ;;
    oci)
      _arguments -s -S \
        '--root=[where it keeps what it knows of containers]:DIR:' \
        '--log=[where errors are written to as well]:FILE:' \
        '--log-format=[text or json; text unless given]:FORMAT:' \
        '--debug[has no effect: what is done is shown by bailey explain]' \
        '--systemd-cgroup[takes linux.cgroupsPath for SLICE:PREFIX:NAME]' \
        '--cgroup-manager=[cgroupfs; systemd, which is --systemd-cgroup; or disabled: no control groups, and no limits]:HOW:(cgroupfs systemd disabled)' \
        '--rootless=[has no effect: bailey looks what it may do]:MODE:' \
        '--criu=[has no effect]:PATH:' \
        '(-v --version)'{-v,--version}'[shows the version]' \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '*:argument:(create start run exec state list ps events kill delete pause resume update spec features checkpoint restore)'
      ;;
    serve)
      _arguments -s -S \
        '--status[tells what the planner does; ends with 1 if there is none]' \
        '--stop[has it end, as soon as the commands that it answers now have ended]' \
        '--json[with --status: prints JSON]' \
        '(-h --help)'{-h,--help}'[Shows this help]'
      ;;
    completion)
      _arguments -s -S \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:(bash zsh fish)'
      ;;
    version)
      _arguments -s -S \
        '--json[prints JSON]' \
        '(-h --help)'{-h,--help}'[Shows this help]'
      ;;
    help)
      _arguments -s -S \
        '(-h --help)'{-h,--help}'[Shows this help]' \
        '1:argument:(run exec enter create attach adopt clone ps ls show stats events wait report kill freeze thaw rm get set explain subsystems namespaces hierarchy mount umount doctor gc oci serve completion version help)'
      ;;
  esac
}

# loaded by compinit: called for the first completion; sourced: registered
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _bailey "$@"
else
  compdef _bailey bailey
fi
