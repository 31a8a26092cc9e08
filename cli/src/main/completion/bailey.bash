# bash completion for bailey, made by: bailey completion bash
# To use it: source <(bailey completion bash), or put it into
# /usr/share/bash-completion/completions/bailey

# Offers the words of stdin, a line each, that start with $1; special characters are quoted.
_bailey_lines() {
  local line
  while IFS= read -r line; do
    [[ $line == "$1"* ]] && COMPREPLY+=("$(printf %q "$line")")
  done
}

# _bailey_offer KIND CURRENT [WORD...]
_bailey_offer() {
  local kind=$1 current=$2
  shift 2
  case $kind in
    words) COMPREPLY=($(compgen -W "$*" -- "$current")) ;;
    file) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$current")) ;;
    directory) compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$current")) ;;
    user) COMPREPLY=($(compgen -u -- "$current")) ;;
    container) _bailey_lines "$current" < <("$bailey" ps --all --quiet 2> /dev/null) ;;
          program)
      if declare -F _command_offset > /dev/null; then
        _command_offset "$operand"
      elif (( COMP_CWORD == operand )); then
        COMPREPLY=($(compgen -c -- "$current"))
      else
        compopt -o filenames 2> /dev/null
        COMPREPLY=($(compgen -f -- "$current"))
      fi
      ;;
  esac
}

_bailey() {
  local IFS=$' \t\n' bailey=$1 current=${COMP_WORDS[COMP_CWORD]} option word
  local commands='run exec enter create attach adopt clone ps ls show stats events wait report kill freeze thaw rm get set explain subsystems namespaces hierarchy mount umount doctor gc oci serve completion version help'
  local at=1 command options valued first=0 operand=0 count=0 ended=0
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    COMPREPLY=($(compgen -W "$commands" -- "$current"))
    return
  fi
  command=${COMP_WORDS[1]}
  if [[ $command == explain ]]; then # its options, then the whole command line of run
    while (( ++at < COMP_CWORD )); do
      [[ ${COMP_WORDS[at]} == run ]] && command=run && break
    done
    (( at < COMP_CWORD )) || at=1
  fi
  case $command in
    run)
      options='--name --hostname --detach --rm --log --boundary --report --memory --pids --cpus --cpuset-cpus --set --rlimit --timeout --root --read-only --bind --proc --tmpfs --reveal --user --workdir --env --tty --interactive --clean-env --init --no-init --cap-add --cap-drop --seccomp --new-privileges --userns --net --new --share --join --hierarchy --help'
      valued='--name --hostname --log -m --memory --pids --cpus --cpuset-cpus --set --rlimit --timeout --root -v --bind --proc --tmpfs --reveal -u --user -w --workdir -e --env --cap-add --cap-drop --seccomp --userns --net --new --share --join -H --hierarchy'
      first=1
      ;;
    exec)
      options='--user --workdir --env --tty --interactive --hierarchy --help'
      valued='-u --user -w --workdir -e --env -H --hierarchy'
      first=1
      ;;
    enter)
      options='--only --tty --env --hierarchy --help'
      valued='-o --only -e --env -H --hierarchy'
      ;;
    create)
      options='--memory --pids --cpus --cpuset-cpus --set --new --on-empty --hierarchy --help'
      valued='-m --memory --pids --cpus --cpuset-cpus --set --new --on-empty -H --hierarchy'
      ;;
    attach)
      options='--tree --thread --json --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    adopt)
      options='--system --dry-run --json --hierarchy --help'
      valued='--system -H --hierarchy'
      ;;
    clone)
      options='--memory --pids --cpus --cpuset-cpus --set --new --name --on-empty --tree --json --hierarchy --help'
      valued='-m --memory --pids --cpus --cpuset-cpus --set --new -n --name --on-empty -H --hierarchy'
      first=1
      ;;
    ps)
      options='--all --quiet --json --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    ls)
      options='--json --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    show)
      options='--json --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    stats)
      options='--follow --interval --json --hierarchy --help'
      valued='--interval -H --hierarchy'
      ;;
    events)
      options='--follow --interval --json --hierarchy --help'
      valued='--interval -H --hierarchy'
      ;;
    wait)
      options='--hierarchy --help'
      valued='-H --hierarchy'
      ;;
    report)
      options='--json --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    kill)
      options='--signal --hierarchy --help'
      valued='-s --signal -H --hierarchy'
      ;;
    freeze)
      options='--hierarchy --help'
      valued='-H --hierarchy'
      ;;
    thaw)
      options='--hierarchy --help'
      valued='-H --hierarchy'
      ;;
    rm)
      options='--force --recursive --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    get)
      options='--json --view --hierarchy --help'
      valued='--view -H --hierarchy'
      ;;
    set)
      options='--view --hierarchy --help'
      valued='--view -H --hierarchy'
      ;;
    explain)
      options='--json --hierarchy --help'
      valued='-H --hierarchy'
      first=1
      ;;
    subsystems)
      options='--json --help'
      valued=''
      ;;
    namespaces)
      options='--json --hierarchy --help'
      valued='-H --hierarchy'
      ;;
    hierarchy)
      options='--subsystems --json --help'
      valued='-o --subsystems'
      ;;
    mount)
      options='--options --foreground --descriptor --json --help'
      valued='-o --options --descriptor'
      ;;
    umount)
      options='--force --help'
      valued=''
      ;;
    doctor)
      options='--json --help'
      valued=''
      ;;
    gc)
      options='--force --json --help'
      valued=''
      ;;
    oci)
      options='--root --log --log-format --debug --systemd-cgroup --cgroup-manager --rootless --criu --version --help'
      valued='--root --log --log-format --cgroup-manager --rootless --criu'
      first=1
      ;;
    serve)
      options='--status --stop --json --help'
      valued=''
      ;;
    completion)
      options='--help'
      valued=''
      ;;
    version)
      options='--json --help'
      valued=''
      ;;
    help)
      options='--help'
      valued=''
      ;;
    *) return ;;
  esac
  # bash splits words at = and :, which are words of their own then
  while (( ++at < COMP_CWORD )); do
    word=${COMP_WORDS[at]} option=
    if (( !ended )) && [[ $word == -- ]]; then
      ended=1
    elif (( !ended )) && [[ " $valued " == *" $word "* ]]; then
      option=$word
      (( ++at ))
      [[ ${COMP_WORDS[at]} == '=' ]] && (( ++at ))
    elif (( ended )) || [[ $word != -* ]]; then
      (( operand )) || operand=$at
      (( ++count, first )) && ended=1
    fi
    while (( at < COMP_CWORD )) && [[ ${COMP_WORDS[at + 1]} == [=:]* ]]; do
      (( at += 2 ))
    done
  done
  [[ $current == [=:]* ]] && current=
  if [[ $option ]] && (( at > COMP_CWORD )); then
    _bailey_value "$command" "$option" "$current"
  elif (( !ended )) && [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    (( operand )) || operand=$COMP_CWORD
    _bailey_operand "$command" "$count" "$current"
  fi
}

_bailey_value() {
  case "$1 $2" in
    'run --log' | 'run -v' | 'run --bind' | 'run --reveal') _bailey_offer file "$3" ;;
    'run --root') _bailey_offer directory "$3" ;;
    'run --proc') _bailey_offer words "$3" view host ;;
    'run -u' | 'run --user' | 'exec -u' | 'exec --user') _bailey_offer user "$3" ;;
    'run --seccomp') _bailey_offer words "$3" default unconfined ;;
    'run --userns') _bailey_offer words "$3" auto host ;;
    'run --net') _bailey_offer words "$3" none host ;;
    'run --new' | 'run --share') _bailey_offer words "$3" pid mnt uts ipc net user cgroup time ;;
    'create --on-empty' | 'clone --on-empty') _bailey_offer words "$3" ignore notify delete ;;
    'adopt --system') _bailey_offer container "$3" ;;
    'kill -s' | 'kill --signal') _bailey_offer words "$3" HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS ;;
    'get --view') _bailey_offer words "$3" external internal effective ;;
    'set --view') _bailey_offer words "$3" external internal ;;
    'oci --cgroup-manager') _bailey_offer words "$3" cgroupfs systemd disabled ;;
  esac
}

_bailey_operand() {
  case "$1 $2" in
    'run '* | 'clone '*) _bailey_offer program "$3" ;;
    'exec 0' | 'enter 0' | 'attach 0' | 'ps '* | 'show '* | 'stats '* | 'events '* | 'wait '* | 'report 0' | 'kill '* | 'freeze '* | 'thaw '* | 'rm '* | 'get 0' | 'set 0' | 'namespaces '*) _bailey_offer container "$3" ;;
    'exec '* | 'enter '*) (( operand += 1 )); _bailey_offer program "$3" ;;
    'get '*) _bailey_offer words "$3" memory.max memory.high memory.low memory.swap.max memory.current memory.peak memory.swap.current memory.kmem.current memory.events memory.stat cpu.weight cpu.max cpu.max.burst cpu.stat cpuset.cpus cpuset.cpus.effective memset.mems memset.mems.effective cpuacct.usage cpuacct.usage_user cpuacct.usage_sys pids.max pids.current pids.peak pids.events io.weight io.max io.stat devices.list freezer.state hugetlb.64KB.max hugetlb.64KB.current hugetlb.2MB.max hugetlb.2MB.current hugetlb.32MB.max hugetlb.32MB.current hugetlb.512MB.max hugetlb.512MB.current hugetlb.1GB.max hugetlb.1GB.current hugetlb.16GB.max hugetlb.16GB.current pid.max pid.last pid.level mnt.mounts mnt.readonly uts.hostname uts.domainname ipc.shmmax ipc.shmall ipc.shmmni ipc.shm_rmid_forced ipc.msgmax ipc.msgmnb ipc.msgmni ipc.sem ipc.mq_queues_max ipc.mq_msg_max ipc.mq_msg_default ipc.mq_msgsize_max ipc.mq_msgsize_default net.interfaces net.core.somaxconn net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_max_syn_backlog net.ipv6.conf.all.forwarding net.unix.max_dgram_qlen user.max_cgroup_namespaces user.max_ipc_namespaces user.max_mnt_namespaces user.max_net_namespaces user.max_pid_namespaces user.max_time_namespaces user.max_user_namespaces user.max_uts_namespaces user.uid_map user.gid_map user.setgroups cgroup.root time.monotonic time.boottime ;;
    'set 1') _bailey_offer words "$3" memory.max memory.high memory.low memory.swap.max cpu.weight cpu.max cpu.max.burst cpuset.cpus memset.mems pids.max io.weight io.max devices.allow devices.deny freezer.state hugetlb.64KB.max hugetlb.2MB.max hugetlb.32MB.max hugetlb.512MB.max hugetlb.1GB.max hugetlb.16GB.max pid.max pid.last mnt.readonly uts.hostname uts.domainname ipc.shmmax ipc.shmall ipc.shmmni ipc.shm_rmid_forced ipc.msgmax ipc.msgmnb ipc.msgmni ipc.sem ipc.mq_queues_max ipc.mq_msg_max ipc.mq_msg_default ipc.mq_msgsize_max ipc.mq_msgsize_default net.core.somaxconn net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_max_syn_backlog net.ipv6.conf.all.forwarding net.unix.max_dgram_qlen user.max_cgroup_namespaces user.max_ipc_namespaces user.max_mnt_namespaces user.max_net_namespaces user.max_pid_namespaces user.max_time_namespaces user.max_user_namespaces user.max_uts_namespaces user.uid_map user.gid_map time.monotonic time.boottime ;;
    'explain '*) _bailey_offer words "$3" run ;;
    'subsystems '*) _bailey_offer words "$3" memory cpu cpuset memset cpuacct pids io devices freezer hugetlb pid mnt uts ipc net user cgroup time ;;
    'hierarchy '*) _bailey_offer words "$3" list mount unmount agent ;;
    'oci '*) _bailey_offer words "$3" create start run exec state list ps events kill delete pause resume update spec features checkpoint restore ;;
    'completion 0') _bailey_offer words "$3" bash zsh fish ;;
    'help 0') _bailey_offer words "$3" run exec enter create attach adopt clone ps ls show stats events wait report kill freeze thaw rm get set explain subsystems namespaces hierarchy mount umount doctor gc oci serve completion version help ;;
  esac
}

complete -F _bailey bailey
